#include "reader.h"

#include <string.h>

#include <jerror.h>

// More scans than any encoder writes: a small file can otherwise keep a decoder busy for minutes.
#define LARGEST_SCAN_COUNT 500

// MARK: - Errors

_Noreturn static void leave(j_common_ptr jpeg, gcb_photo_status status) {
    gcb_jpeg_errors *errors = (gcb_jpeg_errors *)jpeg->err;
    char text[JMSG_LENGTH_MAX];
    errors->manager.format_message(jpeg, text);
    snprintf(errors->message, GCB_MESSAGE_LENGTH, "%s", text);
    errors->status = status;
    longjmp(errors->jump, 1);
}

static void error_exit(j_common_ptr jpeg) {
    switch (jpeg->err->msg_code) {
    case JERR_INPUT_EOF:
    case JERR_INPUT_EMPTY: leave(jpeg, gcb_photo_truncated);
    case JERR_OUT_OF_MEMORY: leave(jpeg, gcb_photo_no_memory);
    case JERR_CONVERSION_NOTIMPL:
    case JERR_BAD_J_COLORSPACE:
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_ARITH_NOTIMPL: leave(jpeg, gcb_photo_unsupported);
    default: leave(jpeg, gcb_photo_corrupt);
    }
}

/// libjpeg only warns where it goes on with made-up pixels. That is damage. What leaves the pixels
/// whole, such as bytes between two markers, is not.
static void emit_message(j_common_ptr jpeg, int level) {
    if (level >= 0) return;
    switch (jpeg->err->msg_code) {
    case JWRN_JPEG_EOF: leave(jpeg, gcb_photo_truncated);
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_ARITH_BAD_CODE: leave(jpeg, gcb_photo_corrupt);
    default: break;
    }
}

static void limit_scans(j_common_ptr jpeg) {
    if (!jpeg->is_decompressor) return;
    j_decompress_ptr decompressor = (j_decompress_ptr)jpeg;
    if (decompressor->input_scan_number <= LARGEST_SCAN_COUNT) return;
    gcb_jpeg_errors *errors = (gcb_jpeg_errors *)jpeg->err;
    snprintf(errors->message, GCB_MESSAGE_LENGTH, "more than %d scans", LARGEST_SCAN_COUNT);
    errors->status = gcb_photo_corrupt;
    longjmp(errors->jump, 1);
}

// MARK: - Life

gcb_photo_status gcb_jpeg_create(gcb_photo_reader *reader) {
    gcb_jpeg_errors *errors = &reader->errors;
    reader->jpeg.err = jpeg_std_error(&errors->manager);
    errors->manager.error_exit = error_exit;
    errors->manager.emit_message = emit_message;
    errors->message = reader->message;
    reader->progress.progress_monitor = limit_scans;
    if (setjmp(errors->jump) != 0) return errors->status;
    jpeg_create_decompress(&reader->jpeg);
    reader->jpeg.progress = &reader->progress;
    return gcb_photo_fine;
}

void gcb_jpeg_destroy(gcb_photo_reader *reader) { jpeg_destroy_decompress(&reader->jpeg); }

void gcb_jpeg_close(gcb_photo_reader *reader) { jpeg_abort_decompress(&reader->jpeg); }

gcb_photo_status gcb_jpeg_open(gcb_photo_reader *reader) {
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    if (setjmp(reader->errors.jump) != 0) return reader->errors.status;
    // Anew, since a file without tables of its own would be read with those of the photo before.
    jpeg_destroy_decompress(jpeg);
    jpeg_create_decompress(jpeg);
    jpeg->progress = &reader->progress;
    jpeg_mem_src(jpeg, reader->bytes, reader->count);
    jpeg_read_header(jpeg, TRUE);
    reader->width = (int32_t)jpeg->image_width;
    reader->height = (int32_t)jpeg->image_height;
    // YCCK is CMYK behind a transformation; libjpeg undoes only that.
    reader->is_cmyk
        = jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK;
    jpeg->out_color_space = reader->is_cmyk ? JCS_CMYK : JCS_EXT_RGBX;
    return gcb_photo_fine;
}

// MARK: - Decoding

void gcb_jpeg_scaled_size(
    const gcb_photo_reader *reader, int eighths, int32_t *width, int32_t *height) {
    // As libjpeg rounds: up.
    *width = (int32_t)(((int64_t)reader->width * eighths + 7) / 8);
    *height = (int32_t)(((int64_t)reader->height * eighths + 7) / 8);
}

/// Limits decoding to the columns of the window and, for equal pixels, to a few beside them:
/// interpolated colour takes from its neighbours, which a cut would replace. Without them a window of
/// one or two columns also writes where libjpeg-turbo 2.1.5 should not.
static void crop(gcb_photo_reader *reader) {
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    // Two samples of the coarsest component on each side.
    int32_t margin = 2 * jpeg->max_h_samp_factor;
    int32_t width = (int32_t)jpeg->output_width;
    int32_t left = reader->window.left - margin, right = reader->window.right + margin;
    if (left < 0) left = 0;
    if (right > width) right = width;
    if (left == 0 && right == width) return;
    JDIMENSION first = (JDIMENSION)left, count = (JDIMENSION)(right - left);
    jpeg_crop_scanline(jpeg, &first, &count);
    reader->row_left = (int32_t)first;
}

/// Goes to the first row of the window, by skipping or by reading those above.
static void pass_over(gcb_photo_reader *reader, bool may_skip) {
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    JDIMENSION count = (JDIMENSION)reader->window.top;
    JSAMPROW rows[1] = {reader->rows};
    if (may_skip && count > 0) count -= jpeg_skip_scanlines(jpeg, count);
    while (count > 0) count -= jpeg_read_scanlines(jpeg, rows, 1);
}

gcb_photo_status gcb_jpeg_start(gcb_photo_reader *reader, int eighths, bool is_approximate) {
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    if (setjmp(reader->errors.jump) != 0) return reader->errors.status;
    jpeg->scale_num = (unsigned)eighths;
    jpeg->scale_denom = 8;
    jpeg->dct_method = JDCT_ISLOW;
    jpeg->do_fancy_upsampling = is_approximate ? FALSE : TRUE;
    jpeg_start_decompress(jpeg);
    reader->decodes_codes = !reader->leaves_codes_to_library
        && gcb_huffman_take_over(&reader->huffman, jpeg);
    // libjpeg-turbo 2.1.5 leaves pixels unwritten behind a cut at reduced sizes. Where it skips rows
    // without interpolating colour, it writes into memory of the photo before, which it gave back.
    if (eighths == 8) crop(reader);
    gcb_photo_status status
        = gcb_reader_reserve(reader, 4 * (size_t)jpeg->output_width);
    if (status == gcb_photo_fine) pass_over(reader, eighths == 8 && !is_approximate);
    return status;
}

/// x·y / 255, rounded, for x and y in 0 … 255.
static inline int32_t product(int32_t x, int32_t y) {
    int32_t t = x * y + 128;
    return ((t >> 8) + t) >> 8;
}

/// Inverted CMYK, as Adobe writes it and PIL takes it, to RGB by PIL's rule: (1 − K)·(1 − C).
static void rgb_from_cmyk(uint8_t *pixels, int32_t count) {
    for (int32_t x = 0; x < count; ++x, pixels += 4) {
        int32_t light = pixels[3];
        for (int channel = 0; channel < 3; ++channel) {
            int32_t value = light - product(255 - pixels[channel], light);
            pixels[channel] = (uint8_t)(value < 0 ? 0 : value);
        }
    }
}

gcb_photo_status gcb_jpeg_next_row(gcb_photo_reader *reader, const uint8_t **row) {
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    if (setjmp(reader->errors.jump) != 0) return reader->errors.status;
    JSAMPROW rows[1] = {reader->rows};
    if (jpeg_read_scanlines(jpeg, rows, 1) != 1) return gcb_photo_truncated;
    int32_t skipped = reader->window.left - reader->row_left;
    if (reader->is_cmyk)
        rgb_from_cmyk(reader->rows + 4 * skipped, reader->window.right - reader->window.left);
    *row = reader->rows + 4 * skipped;
    return gcb_photo_fine;
}

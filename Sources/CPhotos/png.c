#include "reader.h"

#include <string.h>

static void error(png_structp png, png_const_charp text) {
    gcb_photo_reader *reader = png_get_error_ptr(png);
    snprintf(reader->message, GCB_MESSAGE_LENGTH, "%s", text);
    if (reader->png_status == gcb_photo_fine) reader->png_status = gcb_photo_corrupt;
    longjmp(png_jmpbuf(png), 1);
}

static void ignore_warning(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
    gcb_photo_reader *reader = png_get_io_ptr(png);
    if (count > reader->count - reader->position) {
        reader->png_status = gcb_photo_truncated;
        png_error(png, "the file ends too early");
    }
    memcpy(target, reader->bytes + reader->position, count);
    reader->position += count;
}

void gcb_png_close(gcb_photo_reader *reader) {
    png_destroy_read_struct(&reader->png, &reader->info, NULL);
}

/// Everything becomes 8-bit RGB and one more byte: palettes are looked up, shallow greys are spread,
/// of 16 bits the upper 8 are taken, and alpha is dropped, not blended, as PIL does.
static void convert(gcb_photo_reader *reader) {
    png_structp png = reader->png;
    png_byte type = png_get_color_type(png, reader->info);
    if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
    if (type == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(png);
    png_set_strip_16(png);
    png_set_strip_alpha(png);
    if (type == PNG_COLOR_TYPE_GRAY || type == PNG_COLOR_TYPE_GRAY_ALPHA)
        png_set_gray_to_rgb(png);
    png_set_filler(png, 0xFF, PNG_FILLER_AFTER);
}

gcb_photo_status gcb_png_open(gcb_photo_reader *reader) {
    reader->png_status = gcb_photo_fine;
    reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, error, ignore_warning);
    if (reader->png == NULL) return gcb_photo_no_memory;
    reader->info = png_create_info_struct(reader->png);
    if (reader->info == NULL) return gcb_photo_no_memory;
    if (setjmp(png_jmpbuf(reader->png)) != 0) return reader->png_status;
    png_set_read_fn(reader->png, reader, read_bytes);
    png_read_info(reader->png, reader->info);
    reader->width = (int32_t)png_get_image_width(reader->png, reader->info);
    reader->height = (int32_t)png_get_image_height(reader->png, reader->info);
    return gcb_photo_fine;
}

/// An interlaced image comes in passes over all of its rows.
static void read_whole(gcb_photo_reader *reader, int pass_count) {
    size_t stride = 4 * (size_t)reader->width;
    for (int pass = 0; pass < pass_count; ++pass)
        for (int32_t y = 0; y < reader->height; ++y)
            png_read_row(reader->png, reader->rows + (size_t)y * stride, NULL);
    reader->next_row = reader->window.top;
}

gcb_photo_status gcb_png_start(gcb_photo_reader *reader) {
    if (setjmp(png_jmpbuf(reader->png)) != 0) return reader->png_status;
    convert(reader);
    int pass_count = png_set_interlace_handling(reader->png);
    png_read_update_info(reader->png, reader->info);
    reader->is_whole = pass_count > 1;
    size_t stride = 4 * (size_t)reader->width;
    if (png_get_rowbytes(reader->png, reader->info) != stride) return gcb_photo_unsupported;
    gcb_photo_status status = gcb_reader_reserve(
        reader, reader->is_whole ? stride * (size_t)reader->height : stride);
    if (status == gcb_photo_fine && reader->is_whole) read_whole(reader, pass_count);
    return status;
}

gcb_photo_status gcb_png_next_row(gcb_photo_reader *reader, const uint8_t **row) {
    if (setjmp(png_jmpbuf(reader->png)) != 0) return reader->png_status;
    size_t left = 4 * (size_t)reader->window.left;
    if (reader->is_whole) {
        *row = reader->rows + (size_t)reader->next_row++ * 4 * (size_t)reader->width + left;
        return gcb_photo_fine;
    }
    do png_read_row(reader->png, reader->rows, NULL);
    while (reader->next_row++ < reader->window.top);
    *row = reader->rows + left;
    return gcb_photo_fine;
}

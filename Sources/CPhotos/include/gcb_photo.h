// Reads a photo row by row, and no more of it than is asked for.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// What became of a call.
typedef enum {
    gcb_photo_fine = 0,
    gcb_photo_not_an_image = 1,  ///< neither JPEG nor PNG
    gcb_photo_truncated = 2,  ///< the file ends before the image does
    gcb_photo_corrupt = 3,  ///< the library found damage; its message says which
    gcb_photo_unsupported = 4,  ///< a kind of file that cannot be converted to RGB
    gcb_photo_too_large = 5,  ///< more pixels than any photo has
    gcb_photo_no_memory = 6,
} gcb_photo_status;

/// The most pixels that a photo may have; PIL refuses from about here on, too.
#define GCB_PHOTO_LARGEST_AREA 178956970

/// Bytes that can be read behind the last pixel of any row.
#define GCB_PHOTO_ROW_SLACK 64

/// The part of an image that is wanted, in pixels of the image as it is decoded.
typedef struct {
    int32_t left, top, right, bottom;
} gcb_photo_window;

/// A reader is used by one thread at a time and for any number of photos; it keeps its memory.
typedef struct gcb_photo_reader gcb_photo_reader;

/// nil if there is no memory.
gcb_photo_reader *gcb_photo_reader_create(void);
void gcb_photo_reader_destroy(gcb_photo_reader *reader);

/// Whether libjpeg decodes Huffman codes itself where this module could; the pixels are the same.
/// For tests and measurements.
void gcb_photo_leave_codes_to_library(gcb_photo_reader *reader, int leaves);

/// Whether this module decodes the codes of the photo that was started last.
int gcb_photo_decodes_codes(const gcb_photo_reader *reader);

/// Reads the header of a file in memory, which stays where it is until the photo was read.
gcb_photo_status gcb_photo_open(
    gcb_photo_reader *reader, const uint8_t *bytes, size_t count, int32_t *width, int32_t *height);

/// The extents of the opened image when it is decoded at `eighths`/8 of its size. Only a JPEG can be
/// decoded at other than its own size (8).
void gcb_photo_scaled_size(
    const gcb_photo_reader *reader, int eighths, int32_t *width, int32_t *height);

/// Whether the opened image can be decoded at a reduced size.
int gcb_photo_can_scale(const gcb_photo_reader *reader);

/// Starts decoding the rows of a window. The pixels of the window equal those of a whole decode,
/// bit for bit, unless `is_approximate`, which spares the neighbours that interpolated colour needs.
gcb_photo_status gcb_photo_start(
    gcb_photo_reader *reader, gcb_photo_window window, int eighths, int is_approximate);

/// The next row of the window: red, green, blue and one more byte for each pixel. It stays until
/// the next call.
gcb_photo_status gcb_photo_next_row(gcb_photo_reader *reader, const uint8_t **row);

/// Ends the photo, wherever it is. A reader may also simply open the next one.
void gcb_photo_close(gcb_photo_reader *reader);

/// What the library said about the last failure.
const char *gcb_photo_message(const gcb_photo_reader *reader);

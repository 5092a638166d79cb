// The state of a reader, which the files for JPEG and PNG share.
#pragma once

#include "gcb_photo.h"
#include "huffman.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>

#include <jpeglib.h>
#include <png.h>

#define GCB_MESSAGE_LENGTH 256

typedef enum { gcb_kind_none, gcb_kind_jpeg, gcb_kind_png } gcb_kind;

/// libjpeg hands its functions the error manager alone; it lies first, so that they find the rest.
typedef struct {
    struct jpeg_error_mgr manager;
    jmp_buf jump;
    gcb_photo_status status;
    char *message;
} gcb_jpeg_errors;

struct gcb_photo_reader {
    gcb_kind kind;
    const uint8_t *bytes;
    size_t count, position;
    int32_t width, height;
    gcb_photo_window window;
    /// The row of the image that is read next.
    int32_t next_row;
    /// The column of the image that the first pixel of `row` is.
    int32_t row_left;
    bool is_cmyk;

    struct jpeg_decompress_struct jpeg;
    gcb_jpeg_errors errors;
    struct jpeg_progress_mgr progress;
    gcb_huffman huffman;
    bool leaves_codes_to_library, decodes_codes;

    png_structp png;
    png_infop info;
    gcb_photo_status png_status;

    /// One row; a whole image where a PNG is interlaced.
    uint8_t *rows;
    size_t row_capacity;
    bool is_whole;

    char message[GCB_MESSAGE_LENGTH];
};

/// Makes room for `count` bytes and some slack in `rows`.
gcb_photo_status gcb_reader_reserve(gcb_photo_reader *reader, size_t count);

gcb_photo_status gcb_jpeg_create(gcb_photo_reader *reader);
void gcb_jpeg_destroy(gcb_photo_reader *reader);
gcb_photo_status gcb_jpeg_open(gcb_photo_reader *reader);
void gcb_jpeg_scaled_size(
    const gcb_photo_reader *reader, int eighths, int32_t *width, int32_t *height);
gcb_photo_status gcb_jpeg_start(gcb_photo_reader *reader, int eighths, bool is_approximate);
gcb_photo_status gcb_jpeg_next_row(gcb_photo_reader *reader, const uint8_t **row);
void gcb_jpeg_close(gcb_photo_reader *reader);

gcb_photo_status gcb_png_open(gcb_photo_reader *reader);
gcb_photo_status gcb_png_start(gcb_photo_reader *reader);
gcb_photo_status gcb_png_next_row(gcb_photo_reader *reader, const uint8_t **row);
void gcb_png_close(gcb_photo_reader *reader);

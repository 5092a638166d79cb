#include "reader.h"

#include <stdlib.h>
#include <string.h>

gcb_photo_reader *gcb_photo_reader_create(void) {
    gcb_photo_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) return NULL;
    if (gcb_jpeg_create(reader) == gcb_photo_fine) return reader;
    free(reader);
    return NULL;
}

void gcb_photo_reader_destroy(gcb_photo_reader *reader) {
    if (reader == NULL) return;
    gcb_photo_close(reader);
    gcb_jpeg_destroy(reader);
    free(reader->huffman.data);
    free(reader->rows);
    free(reader);
}

void gcb_photo_leave_codes_to_library(gcb_photo_reader *reader, int leaves) {
    reader->leaves_codes_to_library = leaves != 0;
}

int gcb_photo_decodes_codes(const gcb_photo_reader *reader) { return reader->decodes_codes; }

gcb_photo_status gcb_reader_reserve(gcb_photo_reader *reader, size_t count) {
    count += GCB_PHOTO_ROW_SLACK;
    if (count <= reader->row_capacity) return gcb_photo_fine;
    uint8_t *rows = realloc(reader->rows, count);
    if (rows == NULL) return gcb_photo_no_memory;
    reader->rows = rows;
    reader->row_capacity = count;
    return gcb_photo_fine;
}

/// By its first bytes; the ending of a file's name proves nothing.
static gcb_kind kind_of(const uint8_t *bytes, size_t count) {
    static const uint8_t png[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    if (count >= 3 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF)
        return gcb_kind_jpeg;
    return count >= sizeof png && memcmp(bytes, png, sizeof png) == 0 ? gcb_kind_png
                                                                      : gcb_kind_none;
}

gcb_photo_status gcb_photo_open(
    gcb_photo_reader *reader, const uint8_t *bytes, size_t count, int32_t *width,
    int32_t *height) {
    gcb_photo_close(reader);
    reader->bytes = bytes;
    reader->count = count;
    reader->position = 0;
    reader->message[0] = 0;
    gcb_photo_status status = gcb_photo_not_an_image;
    reader->kind = kind_of(bytes, count);
    switch (reader->kind) {
    case gcb_kind_jpeg: status = gcb_jpeg_open(reader); break;
    case gcb_kind_png: status = gcb_png_open(reader); break;
    case gcb_kind_none: break;
    }
    if (status == gcb_photo_fine
        && (int64_t)reader->width * reader->height > GCB_PHOTO_LARGEST_AREA)
        status = gcb_photo_too_large;
    if (status != gcb_photo_fine) gcb_photo_close(reader);
    *width = reader->width;
    *height = reader->height;
    return status;
}

void gcb_photo_scaled_size(
    const gcb_photo_reader *reader, int eighths, int32_t *width, int32_t *height) {
    *width = reader->width;
    *height = reader->height;
    if (reader->kind == gcb_kind_jpeg && eighths != 8)
        gcb_jpeg_scaled_size(reader, eighths, width, height);
}

int gcb_photo_can_scale(const gcb_photo_reader *reader) {
    return reader->kind == gcb_kind_jpeg;
}

gcb_photo_status gcb_photo_start(
    gcb_photo_reader *reader, gcb_photo_window window, int eighths, int is_approximate) {
    gcb_photo_status status = gcb_photo_not_an_image;
    reader->window = window;
    reader->next_row = 0;
    reader->row_left = 0;
    reader->decodes_codes = false;
    switch (reader->kind) {
    case gcb_kind_jpeg: status = gcb_jpeg_start(reader, eighths, is_approximate != 0); break;
    case gcb_kind_png: status = gcb_png_start(reader); break;
    case gcb_kind_none: break;
    }
    if (status != gcb_photo_fine) gcb_photo_close(reader);
    return status;
}

gcb_photo_status gcb_photo_next_row(gcb_photo_reader *reader, const uint8_t **row) {
    gcb_photo_status status = gcb_photo_not_an_image;
    switch (reader->kind) {
    case gcb_kind_jpeg: status = gcb_jpeg_next_row(reader, row); break;
    case gcb_kind_png: status = gcb_png_next_row(reader, row); break;
    case gcb_kind_none: break;
    }
    if (status != gcb_photo_fine) gcb_photo_close(reader);
    return status;
}

void gcb_photo_close(gcb_photo_reader *reader) {
    switch (reader->kind) {
    case gcb_kind_jpeg: gcb_jpeg_close(reader); break;
    case gcb_kind_png: gcb_png_close(reader); break;
    case gcb_kind_none: break;
    }
    reader->kind = gcb_kind_none;
}

const char *gcb_photo_message(const gcb_photo_reader *reader) { return reader->message; }

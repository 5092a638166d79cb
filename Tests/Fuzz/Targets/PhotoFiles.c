// Whole photos: any bytes, any part, any size to decode at. The last bytes of a file choose; behind
// the end of an image they harm neither format. What is read is what libjpeg reads on its own.
#include <stdint.h>
#include <string.h>

#include "gcb_photo.h"

/// Larger images only cost time.
#define LARGEST_AREA (1 << 14)
#define CHOICE_COUNT 10

static int32_t number(const uint8_t *bytes, int32_t below) {
    uint16_t value;
    memcpy(&value, bytes, sizeof value);
    return value % below;
}

static gcb_photo_window chosen(const uint8_t *choices, int32_t width, int32_t height) {
    gcb_photo_window window;
    window.left = number(choices + 2, width);
    window.top = number(choices + 4, height);
    window.right = window.left + 1 + number(choices + 6, width - window.left);
    window.bottom = window.top + 1 + number(choices + 8, height - window.top);
    return window;
}

/// A digest of the pixels; every byte that may be read is looked at, so that the sanitizer sees rows
/// that are too short.
static gcb_photo_status read_rows(
    gcb_photo_reader *reader, gcb_photo_window window, uint64_t *digest) {
    volatile uint8_t seen = 0;
    for (int32_t y = window.top; y < window.bottom; ++y) {
        const uint8_t *row;
        gcb_photo_status status = gcb_photo_next_row(reader, &row);
        if (status != gcb_photo_fine) return status;
        int32_t count = 4 * (window.right - window.left);
        for (int32_t x = 0; x < count; ++x)
            if (x % 4 < 3) *digest = (*digest ^ row[x]) * 0x100000001b3;
        for (int32_t x = count; x < count + GCB_PHOTO_ROW_SLACK; ++x) seen ^= row[x];
    }
    return gcb_photo_fine;
}

/// - Returns: whether a part was read.
static int read_part(
    gcb_photo_reader *reader, const uint8_t *bytes, size_t count, uint64_t *digest) {
    const uint8_t *choices = bytes + count - CHOICE_COUNT;
    int32_t width = 0, height = 0;
    if (gcb_photo_open(reader, bytes, count, &width, &height) != gcb_photo_fine) return 0;
    if ((int64_t)width * height > LARGEST_AREA) return 0;
    int eighths = gcb_photo_can_scale(reader) ? 1 + choices[0] % 8 : 8;
    gcb_photo_scaled_size(reader, eighths, &width, &height);
    gcb_photo_window window = chosen(choices, width, height);
    if (gcb_photo_start(reader, window, eighths, choices[1] & 1) != gcb_photo_fine) return 0;
    int is_read = read_rows(reader, window, digest) == gcb_photo_fine;
    // Sometimes the next photo is opened without this one having been closed.
    if (choices[1] & 2) gcb_photo_close(reader);
    return is_read;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    static gcb_photo_reader *own, *library;
    if (own == NULL) {
        own = gcb_photo_reader_create();
        library = gcb_photo_reader_create();
        gcb_photo_leave_codes_to_library(library, 1);
    }
    if (count < CHOICE_COUNT) return -1;
    uint64_t digest = 0, expected = 0;
    if (!read_part(own, bytes, count, &digest) || !gcb_photo_decodes_codes(own)) return 0;
    if (!read_part(library, bytes, count, &expected) || digest != expected) __builtin_trap();
    return 0;
}

// Fuzzes the photo reader: any bytes, any window, any size. From the root of the project:
//
//     clang -g -O1 -fsanitize=fuzzer,address,undefined -ISources/CPhotos/include -ISources/CPhotos
//         Tests/Fuzzing/photos.c Sources/CPhotos/{reader,jpeg,png}.c -ljpeg -lpng -o /tmp/photos-fuzzer
//     /tmp/photos-fuzzer -max_total_time=60 -rss_limit_mb=1024 -timeout=10 CORPUS Tests/Goldens/photos
#include "gcb_photo.h"

#include <stdlib.h>
#include <string.h>

/// Larger images only cost time.
#define LARGEST_AREA (1 << 20)

static uint32_t number(const uint8_t *bytes, int32_t below) {
    uint16_t value;
    memcpy(&value, bytes, sizeof value);
    return (uint32_t)value % (uint32_t)below;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    static gcb_photo_reader *reader;
    if (reader == NULL) reader = gcb_photo_reader_create();
    if (count < 16) return -1;
    const uint8_t *choices = bytes + count - 10;
    int32_t width, height;
    if (gcb_photo_open(reader, bytes, count, &width, &height) != gcb_photo_fine) return 0;
    if ((int64_t)width * height > LARGEST_AREA) return 0;
    int eighths = gcb_photo_can_scale(reader) ? 8 >> number(choices, 4) : 8;
    gcb_photo_scaled_size(reader, eighths, &width, &height);
    gcb_photo_window window;
    window.left = (int32_t)number(choices + 2, width);
    window.top = (int32_t)number(choices + 4, height);
    window.right = window.left + 1 + (int32_t)number(choices + 6, width - window.left);
    window.bottom = window.top + 1 + (int32_t)number(choices + 8, height - window.top);
    if (gcb_photo_start(reader, window, eighths, choices[1] & 1) != gcb_photo_fine) return 0;
    volatile uint32_t sum = 0;
    for (int32_t y = window.top; y < window.bottom; ++y) {
        const uint8_t *row;
        if (gcb_photo_next_row(reader, &row) != gcb_photo_fine) return 0;
        for (int32_t x = 0; x < 4 * (window.right - window.left) + GCB_PHOTO_ROW_SLACK; ++x)
            sum += row[x];
    }
    return 0;
}

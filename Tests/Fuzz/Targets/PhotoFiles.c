// Whole photos: the header, and the pixels where there are not too many for a fuzzer's patience.
#include <stdint.h>

#include "gcb_photo.h"

static gcb_photo_reader *reader;

int LLVMFuzzerInitialize(int *count, char ***arguments) {
    (void)count;
    (void)arguments;
    reader = gcb_photo_reader_create();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    int32_t width = 0, height = 0;
    if (gcb_photo_open(reader, bytes, count, &width, &height) == gcb_photo_fine) {
        if (width <= 0 || height <= 0 || (int64_t)width * height > GCB_PHOTO_LARGEST_AREA)
            __builtin_trap();
        int eighths = gcb_photo_can_scale(reader) && count % 2 == 0 ? 4 : 8;
        gcb_photo_scaled_size(reader, eighths, &width, &height);
        if ((int64_t)width * height <= 1 << 14) {
            gcb_photo_window window = {width / 3, height / 3, width, height};
            const uint8_t *row;
            uint8_t sum = 0;
            gcb_photo_status status = gcb_photo_start(reader, window, eighths, count % 3 == 0);
            for (int y = window.top; status == gcb_photo_fine && y < window.bottom; y++) {
                status = gcb_photo_next_row(reader, &row);
                if (status != gcb_photo_fine) break;
                // Every byte is looked at, so that the sanitizer sees rows that are too short.
                for (int x = 0; x < 4 * (window.right - window.left); x++) sum ^= row[x];
            }
            volatile uint8_t seen = sum;
            (void)seen;
        }
    }
    gcb_photo_close(reader);
    return 0;
}

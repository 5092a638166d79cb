// The headers of photos alone, which is all of a file that is read before its size is known.
#include <stdint.h>

#include "gcb_photo.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    static gcb_photo_reader *reader;
    if (reader == NULL) reader = gcb_photo_reader_create();
    int32_t width = 0, height = 0;
    if (gcb_photo_open(reader, bytes, count, &width, &height) != gcb_photo_fine) return 0;
    if (width <= 0 || height <= 0 || (int64_t)width * height > GCB_PHOTO_LARGEST_AREA)
        __builtin_trap();
    for (int eighths = 1; eighths <= 8; ++eighths) {
        int32_t columns = 0, rows = 0;
        gcb_photo_scaled_size(reader, eighths, &columns, &rows);
        if (columns <= 0 || rows <= 0 || columns > width || rows > height) __builtin_trap();
    }
    gcb_photo_close(reader);
    return 0;
}

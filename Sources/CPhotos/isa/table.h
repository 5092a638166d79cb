// The loops that exist once per instruction set.
#pragma once

#include "gcb_pixels.h"

typedef struct {
    void (*resample_row)(
        const uint8_t *row, uint8_t *result, int32_t count, const int32_t *first,
        int32_t groups, const int32_t *weights);
    void (*blend_rows)(
        const uint8_t *rows, size_t stride, int32_t taps, const int32_t *weights,
        uint8_t *result, int32_t byte_count);
    void (*spread_row)(
        const uint8_t *pixels, int32_t count, const gcb_levels *levels,
        float *const planes[3], int mirrored);
} gcb_pixel_loops;

extern const gcb_pixel_loops gcb_pixel_loops_baseline;
#if defined(__x86_64__)
extern const gcb_pixel_loops gcb_pixel_loops_avx2;
extern const gcb_pixel_loops gcb_pixel_loops_avx512;
#endif

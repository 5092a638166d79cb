#include "gcb_pixels.h"
#include "isa/table.h"

#include <math.h>
#include <string.h>

// Negative: nothing was chosen, so the best.
static _Thread_local int selected = -1;

static gcb_pixels_clone best(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return gcb_pixels_avx512;
    if (__builtin_cpu_supports("avx2")) return gcb_pixels_avx2;
#endif
    return gcb_pixels_baseline;
}

gcb_pixels_clone gcb_pixels_select(gcb_pixels_clone clone) {
    gcb_pixels_clone choice = clone < best() ? clone : best();
    selected = (int)choice;
    return choice;
}

static const gcb_pixel_loops *loops(void) {
    switch (selected < 0 ? best() : (gcb_pixels_clone)selected) {
#if defined(__x86_64__)
    case gcb_pixels_avx512: return &gcb_pixel_loops_avx512;
    case gcb_pixels_avx2: return &gcb_pixel_loops_avx2;
#else
    case gcb_pixels_avx512:
    case gcb_pixels_avx2:
#endif
    case gcb_pixels_baseline: break;
    }
    return &gcb_pixel_loops_baseline;
}

void gcb_resample_row(
    const uint8_t *row, uint8_t *result, int32_t count, const int32_t *first, int32_t groups,
    const int32_t *weights) {
    loops()->resample_row(row, result, count, first, groups, weights);
}

void gcb_blend_rows(
    const uint8_t *rows, size_t stride, int32_t taps, const int32_t *weights, uint8_t *result,
    int32_t byte_count) {
    loops()->blend_rows(rows, stride, taps, weights, result, byte_count);
}

void gcb_spread_row_float(
    const uint8_t *pixels, int32_t count, const gcb_levels *levels, float *const planes[3],
    int mirrored) {
    loops()->spread_row(pixels, count, levels, planes, mirrored);
}

gcb_levels gcb_levels_of(
    const float *table, const double slopes[3], const double intercepts[3]) {
    gcb_levels levels = {.table = table, .is_linear = 1};
    for (int channel = 0; channel < 3; ++channel) {
        levels.slopes[channel] = slopes[channel];
        levels.intercepts[channel] = intercepts[channel];
    }
    uint8_t pixels[4 * 256];
    float numbers[3 * 256];
    for (int value = 0; value < 256; ++value) memset(pixels + 4 * value, value, 4);
    float *planes[3] = {numbers, numbers + 256, numbers + 512};
    gcb_spread_row_float(pixels, 256, &levels, planes, 0);
    levels.is_linear = memcmp(numbers, table, sizeof numbers) == 0;
    return levels;
}

void gcb_spread_row_double(
    const uint8_t *pixels, int32_t count, const double *tables, double *const planes[3],
    int mirrored) {
    for (int32_t x = 0; x < count; ++x)
        for (int channel = 0; channel < 3; ++channel)
            planes[channel][mirrored ? count - 1 - x : x]
                = tables[256 * channel + pixels[4 * x + channel]];
}

void gcb_gather_row(
    const uint8_t *red, const uint8_t *green, const uint8_t *blue, uint8_t *pixels,
    int32_t count) {
    for (int32_t x = 0; x < count; ++x) {
        pixels[4 * x] = red[x];
        pixels[4 * x + 1] = green[x];
        pixels[4 * x + 2] = blue[x];
        pixels[4 * x + 3] = 0xFF;
    }
}

void gcb_widen_row(const uint8_t *bytes, uint8_t *pixels, int32_t count) {
    for (int32_t x = 0; x < count; ++x) {
        for (int channel = 0; channel < 3; ++channel)
            pixels[4 * x + channel] = bytes[3 * x + channel];
        pixels[4 * x + 3] = 0xFF;
    }
}

void gcb_mirror_row(const uint8_t *row, uint8_t *pixels, int32_t count) {
    for (int32_t x = 0; x < count; ++x)
        memcpy(pixels + 4 * x, row + 4 * (count - 1 - x), 4);
}

/// The pixel that stands for `at` when the image is mirrored at its edges without end.
static int32_t reflected(int64_t at, int32_t count) {
    int64_t period = 2 * (int64_t)count;
    int64_t place = at % period;
    if (place < 0) place += period;
    return (int32_t)(place < count ? place : period - 1 - place);
}

static void sample(
    const uint8_t *pixels, int32_t width, int32_t height, double x, double y, uint8_t *result) {
    double left = floor(x), top = floor(y);
    double right_share = x - left, bottom_share = y - top;
    size_t x0 = (size_t)reflected((int64_t)left, width);
    size_t x1 = (size_t)reflected((int64_t)left + 1, width);
    size_t y0 = (size_t)reflected((int64_t)top, height);
    size_t y1 = (size_t)reflected((int64_t)top + 1, height);
    const uint8_t *upper = pixels + 4 * y0 * (size_t)width;
    const uint8_t *lower = pixels + 4 * y1 * (size_t)width;
    for (int channel = 0; channel < 4; ++channel) {
        double above = (1 - right_share) * upper[4 * x0 + channel]
            + right_share * upper[4 * x1 + channel];
        double below = (1 - right_share) * lower[4 * x0 + channel]
            + right_share * lower[4 * x1 + channel];
        result[channel] = (uint8_t)((1 - bottom_share) * above + bottom_share * below + 0.5);
    }
}

void gcb_warp(
    const uint8_t *pixels, int32_t width, int32_t height, const gcb_affine *map,
    uint8_t *result) {
    for (int32_t y = 0; y < height; ++y)
        for (int32_t x = 0; x < width; ++x, result += 4)
            sample(
                pixels, width, height, map->a * x + map->b * y + map->c,
                map->d * x + map->e * y + map->f, result);
}

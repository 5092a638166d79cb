// All inner loops of one instruction set. `GCB_LOOPS` names the table that is filled.
//
// 16 numbers at a time: 4 pixels side by side, or 16 bytes of a row.

// Wide vectors never cross a call here, so their calling convention does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

#include <string.h>

typedef int32_t gcb_i16 __attribute__((ext_vector_type(16)));
typedef int32_t gcb_i4 __attribute__((ext_vector_type(4)));
typedef float gcb_f16 __attribute__((ext_vector_type(16)));
typedef double gcb_d16 __attribute__((ext_vector_type(16)));
typedef uint8_t gcb_b16 __attribute__((ext_vector_type(16)));
typedef uint8_t gcb_b4 __attribute__((ext_vector_type(4)));

#define GCB_INLINE static inline __attribute__((always_inline))

GCB_INLINE gcb_i16 bytes_at(const uint8_t *p) {
    gcb_b16 bytes;
    memcpy(&bytes, p, sizeof bytes);
    return __builtin_convertvector(bytes, gcb_i16);
}

/// Each of 4 weights for the 4 bytes of its pixel.
GCB_INLINE gcb_i16 weights_at(const int32_t *p) {
    gcb_i4 w;
    memcpy(&w, p, sizeof w);
    return __builtin_shufflevector(w, w, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
}

GCB_INLINE gcb_i4 sum_of_pixels(gcb_i16 v) {
    return v.s0123 + v.s4567 + v.s89ab + v.scdef;
}

/// The pixels of a in pairs, then those of b.
GCB_INLINE gcb_i16 sums_of_pairs(gcb_i16 a, gcb_i16 b) {
    return __builtin_shufflevector(
               a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
        + __builtin_shufflevector(
               a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
}

#define GCB_HALF (1 << (GCB_WEIGHT_BITS - 1))

/// The sums of one result, four apart: taps 0, 4, 8 …, then 1, 5, 9 …
GCB_INLINE gcb_i16 tap_sums(const uint8_t *source, int32_t groups, const int32_t *weights) {
    gcb_i16 sum = 0;
    for (int32_t group = 0; group < groups; ++group)
        sum += bytes_at(source + 16 * group) * weights_at(weights + GCB_TAP_GROUP * group);
    return sum;
}

GCB_INLINE void resample(
    const uint8_t *row, uint8_t *result, int32_t count, const int32_t *first, int32_t groups,
    const int32_t *weights) {
    int32_t taps = GCB_TAP_GROUP * groups, x = 0;
    for (; x + 4 <= count; x += 4) {
        gcb_i16 sums[4];
        for (int32_t i = 0; i < 4; ++i)
            sums[i] = tap_sums(
                row + 4 * (size_t)first[x + i], groups, weights + (size_t)(x + i) * taps);
        gcb_i16 sum = sums_of_pairs(
            sums_of_pairs(sums[0], sums[1]), sums_of_pairs(sums[2], sums[3]));
        gcb_b16 pixels
            = __builtin_convertvector((sum + GCB_HALF) >> GCB_WEIGHT_BITS, gcb_b16);
        memcpy(result + 4 * x, &pixels, sizeof pixels);
    }
    for (; x < count; ++x) {
        gcb_i16 sums
            = tap_sums(row + 4 * (size_t)first[x], groups, weights + (size_t)x * taps);
        gcb_i4 rounded = (sum_of_pixels(sums) + GCB_HALF) >> GCB_WEIGHT_BITS;
        gcb_b4 pixel = __builtin_convertvector(rounded, gcb_b4);
        memcpy(result + 4 * x, &pixel, sizeof pixel);
    }
}

/// Few groups are most common; a fixed number of them unrolls.
static void resample_row(
    const uint8_t *row, uint8_t *result, int32_t count, const int32_t *first, int32_t groups,
    const int32_t *weights) {
    switch (groups) {
    case 1: resample(row, result, count, first, 1, weights); break;
    case 2: resample(row, result, count, first, 2, weights); break;
    default: resample(row, result, count, first, groups, weights); break;
    }
}

GCB_INLINE gcb_b16 blended(
    const uint8_t *rows, size_t stride, int32_t taps, const int32_t *weights) {
    gcb_i16 sum = GCB_HALF;
    for (int32_t k = 0; k < taps; ++k)
        sum += bytes_at(rows + (size_t)k * stride) * (gcb_i16)weights[k];
    return __builtin_convertvector(sum >> GCB_WEIGHT_BITS, gcb_b16);
}

static void blend_rows(
    const uint8_t *rows, size_t stride, int32_t taps, const int32_t *weights, uint8_t *result,
    int32_t byte_count) {
    for (int32_t i = 0; i < byte_count; i += 16) {
        gcb_b16 bytes = blended(rows + i, stride, taps, weights);
        memcpy(result + i, &bytes, sizeof bytes);
    }
}

/// One channel of 16 pixels, by its line; computed in double precision and rounded once.
GCB_INLINE gcb_f16 on_line(gcb_i16 pixels, int channel, const gcb_levels *levels) {
    gcb_i16 values = (pixels >> (8 * channel)) & 0xFF;
    gcb_d16 numbers = __builtin_convertvector(values, gcb_d16) * levels->slopes[channel]
        + levels->intercepts[channel];
    return __builtin_convertvector(numbers, gcb_f16);
}

static void spread_row(
    const uint8_t *pixels, int32_t count, const gcb_levels *levels, float *const planes[3],
    int mirrored) {
    int32_t x = 0;
    for (; levels->is_linear && x + 16 <= count; x += 16) {
        gcb_i16 sixteen;
        memcpy(&sixteen, pixels + 4 * x, sizeof sixteen);
        for (int channel = 0; channel < 3; ++channel) {
            gcb_f16 numbers = on_line(sixteen, channel, levels);
            float *target = planes[channel] + (mirrored ? count - 16 - x : x);
            if (mirrored)
                numbers = __builtin_shufflevector(
                    numbers, numbers, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
            memcpy(target, &numbers, sizeof numbers);
        }
    }
    for (; x < count; ++x)
        for (int channel = 0; channel < 3; ++channel)
            planes[channel][mirrored ? count - 1 - x : x]
                = levels->table[256 * channel + pixels[4 * x + channel]];
}

const gcb_pixel_loops GCB_LOOPS = {
    .spread_row = spread_row,
    .resample_row = resample_row,
    .blend_rows = blend_rows,
};

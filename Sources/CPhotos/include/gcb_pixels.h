// Loops over pixels of 4 bytes: red, green, blue and one that does not count.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Which clone of the loops runs.
typedef enum {
    gcb_pixels_baseline = 0,
    gcb_pixels_avx2 = 1,
    gcb_pixels_avx512 = 2,
} gcb_pixels_clone;

/// Chooses a clone for the calling thread, at most the best one; returns the choice. For tests.
gcb_pixels_clone gcb_pixels_select(gcb_pixels_clone clone);

/// Weights are whole numbers of 2⁻²².
#define GCB_WEIGHT_BITS 22

/// Taps of a result come in groups of 4, unused ones with weight 0.
#define GCB_TAP_GROUP 4

/// One axis of a resampling: where its results come from.
typedef struct {
    /// The stretch that is resampled, from the first pixel that may be used.
    double start, length;
    /// How many pixels may be used, and the number of the first.
    int32_t limit, origin;
    /// Results of the whole stretch.
    int32_t count;
    /// Groups of 4 taps per result.
    int32_t groups;
} gcb_axis;

/// For the results `from ..< to`: the first source pixel, how many count, and `4 · groups` weights.
///
/// w(k) ∝ 1 − |k + ½ − c| / s about the centre c = start + (x + ½)·scale, s = max(1, scale); weights
/// are normalized in double precision and then rounded.
///
/// *Reference:* the definition of PIL's resampling with the triangle filter.
void gcb_triangle_weights(
    const gcb_axis *axis, int32_t from, int32_t to, int32_t *first, int32_t *counts,
    int32_t *weights);

/// The same with weights 1 − f and f of the two pixels around c − ½, the outermost ones standing for
/// what lies beyond.
///
/// *Reference:* OpenCV's `resize` with `INTER_LINEAR`, which rounds weights to 2⁻¹¹ and rounds once
/// instead of twice: results differ by at most one level.
void gcb_pair_weights(
    const gcb_axis *axis, int32_t from, int32_t to, int32_t *first, int32_t *counts,
    int32_t *weights);

/// result[x] = Σₖ weights[x, k] · row[first[x] + k] for `count` pixels, rounded half up. Each result
/// has `groups` times 4 taps; behind the row there are GCB_PHOTO_ROW_SLACK bytes to be read.
void gcb_resample_row(
    const uint8_t *row, uint8_t *result, int32_t count, const int32_t *first, int32_t groups,
    const int32_t *weights);

/// result = Σₖ weights[k] · row k, over rows of `byte_count` bytes that lie `stride` bytes apart.
void gcb_blend_rows(
    const uint8_t *rows, size_t stride, int32_t taps, const int32_t *weights, uint8_t *result,
    int32_t byte_count);

/// What the 256 values of each channel mean.
typedef struct {
    /// `[3, 256]`.
    const float *table;
    /// The same as lines: value · slope + intercept in double precision, rounded once.
    double slopes[3], intercepts[3];
    /// Whether the lines give the table's numbers, bit by bit, so that no table has to be looked up.
    int is_linear;
} gcb_levels;

/// Levels for a table of 768 numbers, which stays where it is.
gcb_levels gcb_levels_of(
    const float *table, const double slopes[3], const double intercepts[3]);

/// Looks up each channel of `count` pixels and writes it into its plane, from left to right or,
/// mirrored, from right to left.
void gcb_spread_row_float(
    const uint8_t *pixels, int32_t count, const gcb_levels *levels, float *const planes[3],
    int mirrored);

/// The same by a table `[3, 256]`.
void gcb_spread_row_double(
    const uint8_t *pixels, int32_t count, const double *tables, double *const planes[3],
    int mirrored);

/// Pixels from three planes of bytes.
void gcb_gather_row(
    const uint8_t *red, const uint8_t *green, const uint8_t *blue, uint8_t *pixels,
    int32_t count);

/// Pixels from 3 bytes each.
void gcb_widen_row(const uint8_t *bytes, uint8_t *pixels, int32_t count);

/// Pixels from right to left.
void gcb_mirror_row(const uint8_t *row, uint8_t *pixels, int32_t count);

/// Output pixel (x, y) is read at (a·x + b·y + c, d·x + e·y + f) with bilinear weights; what lies
/// outside is mirrored at the edges: d c b a | a b c d | d c b a.
typedef struct {
    double a, b, c, d, e, f;
} gcb_affine;

/// Both images have the same extents; rows lie `4 · width` bytes apart.
void gcb_warp(
    const uint8_t *pixels, int32_t width, int32_t height, const gcb_affine *map,
    uint8_t *result);

// The inner loops that exist once per instruction set; everything else calls them through a table.
#pragma once

#include "gcb_dropout.h"
#include "gcb_format.h"
#include "gcb_isa.h"
#include "gcb_update.h"
#include "gcb_winograd.h"
#include <stdbool.h>
#include <stdint.h>

#define GCB_LANES 16

/// A stretch of one image and one block of channels, as vectors of 16 elements.
///
/// `full` whole vectors, `stride` elements apart, then `partial` ones of which only the first
/// `partial_lanes` elements count. Lane l belongs to channel l mod `period` of the block. This
/// one view serves row-major (period 1), blocked (period 4, 8, 16) and channels-last tensors.
typedef struct {
    int64_t full;
    int64_t partial;
    int64_t stride;
    int partial_lanes;
} gcb_slab;

/// What a gradient is masked by.
typedef enum {
    gcb_mask_none,  ///< nothing
    gcb_mask_recomputed,  ///< (x − mean)·scale + shift > 0
    gcb_mask_stored,  ///< y > 0
} gcb_mask;

/// One plane of a pooling: an image and a block of channels.
typedef struct {
    int64_t lanes, pixel;
    int64_t height, width, pooled_height, pooled_width;
    int64_t kernel, stride, padding;
} gcb_plane;

/// Per-lane constants of a normalization.
typedef struct {
    float mean[GCB_LANES];
    float scale[GCB_LANES], shift[GCB_LANES];  ///< y = (x − mean)·scale + shift
    float slope[GCB_LANES], offset[GCB_LANES];  ///< dx = scale·d + (x − mean)·slope + offset
} gcb_lane_constants;

/// One step of an update over one block: where it reads and writes, its factors at this step of
/// training, and what to fetch on the way. Operands that a step has not repeat one that it has.
typedef struct {
    gcb_update_kind kind;
    float *y;
    const float *a, *b, *c;
    const float *ahead;
    float alpha, beta, inner, outer;
} gcb_block_step;

/// Pixels, at most, that a weight gradient in pairs goes through at a time: a block of x and a panel
/// of dy stay in the first cache.
#define GCB_PIXELS 272

/// Two bfloat16 numbers, the one of the lower index in the lower half.
typedef uint32_t gcb_pair __attribute__((may_alias));

/// Where the pixels of a turn lie, those of channel block 0; those of block b are `b · step`
/// further. Outside the image `at` is a vector of zeros and `step` is 0.
typedef struct {
    const gcb_bfloat16 *at[GCB_PIXELS];
    int64_t step[GCB_PIXELS];
} gcb_pixels;

/// c[r][v] = Σ_k a[r][k]·b[k][v] over pairs k, v a vector of sixteen lanes.
///
/// Pair k of row r is at `a + r·a_row + k·a_step`; the vectors of b follow each other. Rows of c are
/// `c_row` apart and their vectors follow each other; where rows are joined, each two of them
/// become [16 lanes][2 rows] and vectors are `c_vector` apart.
typedef struct {
    const gcb_pair *a, *b;
    int64_t a_row, a_step, count;
    float *c;
    int64_t c_row, c_vector;
    /// Whether joined rows are added to what is there.
    bool adds;
    /// Pairs of pixels of block `ahead_block` to fetch on the way.
    const gcb_pixels *ahead;
    int64_t ahead_block, ahead_count;
} gcb_pair_product;

/// Pixels of one channel block, row by row; those of block b are `b · step` further. Outside the
/// image `at` is a vector of zeros and `step` is 0.
typedef struct {
    const gcb_bfloat16 *at[16];
    int64_t step[16];
    /// Elements from a pixel to the one of the tile below, which comes soon.
    int64_t ahead;
} gcb_patch;

/// Loops over activations, once for each format: numbers behind `void *` are stored in it.
typedef struct {
    /// sum += Σ (x − pivot), square += Σ (x − pivot)², per lane.
    void (*sums)(
        const gcb_slab *slab, const void *x, const float *pivot, double *sum, double *square);
    /// y = [max 0] ((x − mean)·scale + shift [+ residual]).
    void (*apply)(
        const gcb_slab *slab, const void *x, const void *residual, void *y,
        const gcb_lane_constants *constants, bool rectifies);
    /// sum += Σ d, product += Σ d·(x − mean), per lane; d is written to `masked` if not null.
    void (*gradient_sums)(
        const gcb_slab *slab, const void *dy, const void *x, const void *y, void *masked,
        const gcb_lane_constants *constants, gcb_mask mask, double *sum, double *product);
    /// dx = scale·d + (x − mean)·slope + offset.
    void (*gradient_apply)(
        const gcb_slab *slab, const void *d, const void *x, void *dx,
        const gcb_lane_constants *constants, gcb_mask mask);
    /// y = value, per lane; padding lanes are the caller's.
    void (*fill)(const gcb_slab *slab, void *y, const float *value);

    /// y = scale·x where the rule keeps the element, else 0; the first vector holds the elements
    /// `numbers`, every next one those `step` further on.
    void (*dropout)(
        const gcb_slab *slab, const void *x, void *y, const uint32_t *numbers, uint32_t step,
        const gcb_mask_rule *rule);

    void (*relu)(const void *x, void *y, int64_t count);
    void (*relu_gradient)(const void *dy, const void *y, void *dx, int64_t count);
    void (*add)(
        float alpha, const void *a, float beta, const void *b, void *y, int64_t count);

    /// One row of results of a pooling over a plane whose pixels are `pixel` elements apart and
    /// have `lanes` channels.
    void (*max_pool_row)(
        const gcb_plane *plane, int64_t row, const void *x, void *y, uint8_t *positions);
    void (*average_pool_row)(const gcb_plane *plane, int64_t row, const void *x, void *y);
    /// One row of dx, gathered from the windows that hold each element.
    void (*max_pool_gradient_row)(
        const gcb_plane *plane, int64_t row, const void *dy, const uint8_t *positions,
        void *dx);
    void (*average_pool_gradient_row)(
        const gcb_plane *plane, int64_t row, const void *dy, void *dx);
} gcb_activation_kernels;

typedef struct {
    /// By format.
    const gcb_activation_kernels *activations[2];

    /// The steps of an update over one block of `count` elements; centralization subtracts
    /// `means`, going round the pattern from `slot`.
    void (*update_block)(
        const gcb_block_step *steps, int step_count, int64_t count, const float *means,
        int64_t slot, int64_t pattern);
    /// sums[slot] += u, going round the pattern from `slot`; the 16 `energy` += u².
    void (*update_sums)(
        const float *u, int64_t count, int64_t slot, int64_t pattern, double *sums,
        double *energy);

    /// dw += dy · x over some pixels, for up to three blocks of outputs and eight inputs.
    void (*pointwise)(
        int blocks, const float *dy, int64_t dy_stride, const float *x, int64_t pixels,
        float *dw, int64_t dw_stride);

    /// y = x, rounded.
    void (*narrow)(const float *x, gcb_bfloat16 *y, int64_t count);

    /// Rows 4 or 6, vectors 1 to 4.
    void (*pair_product)(int rows, int vectors, bool joins_rows, const gcb_pair_product *job);
    /// Pairs pixels 2k and 2k + 1 of one channel block.
    void (*pair_pixels)(
        const gcb_pixels *pixels, int64_t block, int64_t count, gcb_pair *to, int64_t to_step);

    /// The sixteen numbers of a tile's patch, for all channel blocks.
    void (*winograd_source)(
        const gcb_patch *patch, int64_t blocks, gcb_bfloat16 *to, int64_t to_plane);
    /// The same of two tiles, paired, for one block.
    void (*winograd_source_pair)(
        const gcb_patch *low, const gcb_patch *high, int64_t block, gcb_pair *to,
        int64_t to_plane);
    void (*winograd_result_pair)(
        const gcb_patch *low, const gcb_patch *high, int64_t block, gcb_pair *to,
        int64_t to_plane);
    /// Four pixels of the result from the sixteen sums.
    void (*winograd_result)(
        const float *m, int64_t m_plane, int64_t vectors, const gcb_patch *patch, int64_t block,
        const gcb_epilogue *epilogue);
    void (*winograd_kernel)(
        const gcb_pair *from, int64_t from_step, gcb_pair *to, int64_t to_plane);
    void (*winograd_kernel_gradient)(
        const float *m, int64_t m_plane, float *to, int64_t to_step);
} gcb_kernels;

extern const gcb_kernels gcb_kernels_baseline;
#if defined(__x86_64__)
extern const gcb_kernels gcb_kernels_avx2;
extern const gcb_kernels gcb_kernels_avx512;
extern const gcb_kernels gcb_kernels_avx512_bf16;
#endif

/// The clones in use.
const gcb_kernels *gcb_kernels_selected(void);

static inline const gcb_activation_kernels *gcb_kernels_of(gcb_format format) {
    return gcb_kernels_selected()->activations[format];
}

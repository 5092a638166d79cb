// Convolutions with a 3×3 kernel, stride 1 and padding 1 of bfloat16 numbers, forward and backward,
// by Winograd's algorithm F(2×2, 3×3): four results from 16 products of each channel instead of 36.
#pragma once

#include "gcb_format.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// x `[images, inputs, height, width]` and y `[images, outputs, height, width]` in blocks of sixteen
/// channels (`aBcd16b`), weights `[outputs, inputs, 3, 3]` in `ABcd8b16a2b`. Channels are multiples
/// of sixteen.
///
/// The transformed numbers are rounded to bfloat16 once, their products are added up in float32.
typedef struct {
    int64_t images;
    int64_t outputs;
    int64_t inputs;
    int64_t height;
    int64_t width;
    int threads;
} gcb_winograd;

/// What happens to a result before it is stored: y = act(y + bias [+ what was there]).
typedef struct {
    const float *bias;  ///< per output; may be null
    bool adds_residual;
    bool rectifies;
} gcb_epilogue;

/// Bytes of scratch memory of forward and by data.
size_t gcb_winograd_workspace(const gcb_winograd *shape);
/// Bytes of scratch memory by weights.
size_t gcb_winograd_gradient_workspace(const gcb_winograd *shape);

void gcb_winograd_forward(
    const gcb_winograd *shape, const gcb_bfloat16 *x, const gcb_bfloat16 *w,
    const gcb_epilogue *epilogue, gcb_bfloat16 *y, void *workspace);

void gcb_winograd_data_gradient(
    const gcb_winograd *shape, const gcb_bfloat16 *dy, const gcb_bfloat16 *w, gcb_bfloat16 *dx,
    void *workspace);

/// dW in float32, in the layout of the weights.
void gcb_winograd_weight_gradient(
    const gcb_winograd *shape, const gcb_bfloat16 *dy, const gcb_bfloat16 *x, float *dw,
    void *workspace);

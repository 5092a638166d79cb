// The weight gradient of a convolution of bfloat16 numbers, whatever its kernel and stride.
#pragma once

#include "gcb_format.h"
#include <stddef.h>
#include <stdint.h>

/// dW[o, i, k] = Σ over images and results of dY[n, o, p] · X[n, i, stride·p + k − padding]
///
/// with dY `[images, outputs, result_height, result_width]` and X `[images, inputs, height, width]`
/// in blocks of sixteen channels (`aBcd16b`) and dW in float32 in `ABcd8b16a2b`. Channels are
/// multiples of sixteen.
typedef struct {
    int64_t images;
    int64_t outputs;
    int64_t inputs;
    int64_t height, width;
    int64_t result_height, result_width;
    int64_t kernel, stride, padding;
    int threads;
} gcb_narrow_gradient;

/// Bytes of scratch memory.
size_t gcb_narrow_gradient_workspace(const gcb_narrow_gradient *shape);

void gcb_narrow_weight_gradient(
    const gcb_narrow_gradient *shape, const gcb_bfloat16 *dy, const gcb_bfloat16 *x, float *dw,
    void *workspace);

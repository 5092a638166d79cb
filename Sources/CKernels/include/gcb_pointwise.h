// The weight gradient of a convolution with a 1×1 kernel and stride 1.
#pragma once

#include <stdint.h>

/// dW[o, i] = Σ_{n, p} dY[n, o, p] · X[n, i, p]
///
/// with dY `[images, outputs, pixels]` and X `[images, inputs, pixels]` in blocks of sixteen
/// channels (`aBcd16b`) and dW in `ABcd16b16a`. Channels are multiples of sixteen.
typedef struct {
    int64_t images;
    int64_t outputs;
    int64_t inputs;
    int64_t pixels;
    int threads;
} gcb_pointwise;

void gcb_pointwise_weight_gradient(
    const gcb_pointwise *shape, const float *dy, const float *x, float *dw);

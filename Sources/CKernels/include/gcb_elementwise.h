// Element by element: one pass, any layout, `result` may be an operand.
#pragma once

#include "gcb_activation.h"
#include <stdbool.h>
#include <stdint.h>

/// y = max(x, 0); a NaN stays one, so that a diverged run shows.
void gcb_relu(const float *x, float *y, int64_t count, int threads);

/// dx = dy where y > 0, else 0.
void gcb_relu_gradient(const float *dy, const float *y, float *dx, int64_t count, int threads);

/// y = α·a + β·b.
void gcb_add(
    float alpha, const float *a, float beta, const float *b, float *y, int64_t count,
    int threads);

/// y = value.
void gcb_fill(float value, float *y, int64_t count, int threads);

/// y = x, in bytes.
void gcb_copy(const void *x, void *y, int64_t bytes, int threads);

/// y = x + b[c].
void gcb_add_bias(
    const gcb_activation *shape, const float *x, const float *bias, float *y, int threads);

/// db[c] = Σ over images and space of dy.
void gcb_bias_gradient(const gcb_activation *shape, const float *dy, float *db, int threads);

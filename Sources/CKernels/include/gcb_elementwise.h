// Element by element: one pass, any layout, `result` may be an operand. Numbers behind `void *` are
// stored in the format given.
#pragma once

#include "gcb_activation.h"
#include <stdbool.h>
#include <stdint.h>

/// y = max(x, 0); a NaN stays one, so that a diverged run shows.
void gcb_relu(gcb_format format, const void *x, void *y, int64_t count, int threads);

/// dx = dy where y > 0, else 0.
void gcb_relu_gradient(
    gcb_format format, const void *dy, const void *y, void *dx, int64_t count, int threads);

/// y = α·a + β·b.
void gcb_add(
    gcb_format format, float alpha, const void *a, float beta, const void *b, void *y,
    int64_t count, int threads);

/// y = value.
void gcb_fill(gcb_format format, float value, void *y, int64_t count, int threads);

/// y = x, in bytes.
void gcb_copy(const void *x, void *y, int64_t bytes, int threads);

/// y = x + b[c].
void gcb_add_bias(
    const gcb_activation *shape, const void *x, const float *bias, void *y, int threads);

/// y = x, rounded to bfloat16.
void gcb_narrow(const float *x, gcb_bfloat16 *y, int64_t count, int threads);

/// db[c] = Σ over images and space of dy.
void gcb_bias_gradient(const gcb_activation *shape, const void *dy, float *db, int threads);

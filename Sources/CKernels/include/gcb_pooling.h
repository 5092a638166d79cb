// Pooling over windows and over the whole plane. Numbers behind `void *` are stored in the format
// of the activation.
#pragma once

#include "gcb_activation.h"
#include <stdint.h>

/// A square window over a plane; `data` is the larger side of the pooling.
typedef struct {
    gcb_activation data;
    int64_t height, width;
    int64_t pooled_height, pooled_width;
    int64_t kernel, stride, padding;
    int threads;
} gcb_pool_window;

/// The largest number of each window and its position in the window (row · kernel + column, the
/// first of equals; a NaN wins). Padding never wins. `positions` lies as y does, one byte each.
void gcb_max_pool(const gcb_pool_window *window, const void *x, void *y, uint8_t *positions);

/// dx = the dy of every window that the element won.
void gcb_max_pool_gradient(
    const gcb_pool_window *window, const void *dy, const uint8_t *positions, void *dx);

/// The mean of each window over kernel² elements, padding counting as zeros.
void gcb_average_pool(const gcb_pool_window *window, const void *x, void *y);

/// dx = Σ dy / kernel² over the windows that hold the element.
void gcb_average_pool_gradient(const gcb_pool_window *window, const void *dy, void *dx);

/// y[n, c] = mean over space; y is row-major [N, C], float32.
void gcb_global_average(const gcb_activation *shape, const void *x, float *y, int threads);

/// dx[n, c, s] = dy[n, c] / space.
void gcb_global_average_gradient(
    const gcb_activation *shape, const float *dy, void *dx, int threads);

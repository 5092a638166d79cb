// Tensors whose channels lie side by side in another one.
#pragma once

#include "gcb_format.h"
#include <stdint.h>

/// `count` stretches of `length` elements, each `from_stride` apart in one tensor and `to_stride` in
/// the other: what one part of a concatenation is in any layout.
typedef struct {
    gcb_format format;
    int64_t count, length, from_stride, to_stride;
    int threads;
} gcb_stretches;

/// y = x.
void gcb_copy_stretches(const gcb_stretches *stretches, const void *x, void *y);

/// y = x + a, where a lies as y does and may be y.
void gcb_add_stretches(
    const gcb_stretches *stretches, const void *x, const void *a, void *y);

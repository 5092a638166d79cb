// Where an activation lies in memory.
#pragma once

#include "gcb_format.h"
#include <stdint.h>

/// A tensor `[N, C, H, W]` in one of oneDNN's layouts, H·W = `space`.
///
/// | `block` | layout | order |
/// |---|---|---|
/// | 1 | `abcd`, row-major | [N][C][S] |
/// | 4, 8, 16 | `aBcd16b` and its like | [N][⌈C/block⌉][S][block], padding is zero and stays zero |
/// | 0 | `acdb`, channels last | [N][S][C] |
///
/// A matrix `[N, C]` is one image of N pixels, channels last.
typedef struct {
    int64_t images;
    int64_t channels;
    int64_t space;
    int64_t block;
    gcb_format format;
} gcb_activation;

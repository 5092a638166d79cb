// Dropout, by a mask that is drawn from each element's number.
#pragma once

#include "gcb_activation.h"

/// What a layer's mask follows from in one step: element number i, counted row-major over
/// `[N, C, H, W]`, is kept where hash(hash(i ^ words[0]) ^ words[1]) ≥ threshold.
typedef struct {
    uint32_t words[2];
    uint32_t threshold;
    float scale;  ///< what survivors are multiplied by
} gcb_mask_rule;

/// y = scale·x where the element is kept, else 0; y may be x.
void gcb_dropout(
    const gcb_activation *shape, const gcb_mask_rule *rule, const void *x, void *y,
    int threads);

// A normalization with given statistics, folded into the convolution before it.
#pragma once

#include "gcb_format.h"
#include "gcb_update.h"

/// s = γ/√(σ² + ε);  w' = s·w per output;  b' = (b − μ)·s + β
///
/// `slices` says where the outputs of `weight` lie, of which there are `outputs` without padding.
/// `bias` may be null. `folded` may be `weight`; both are stored in `format`.
typedef struct {
    gcb_slices slices;
    int64_t outputs;
    double epsilon;
    gcb_format format;
    int threads;
} gcb_folding;

void gcb_fold_normalization(
    const gcb_folding *rule, const void *weight, const float *scale, const float *shift,
    const float *mean, const float *variance, const float *bias, void *folded,
    float *folded_bias);

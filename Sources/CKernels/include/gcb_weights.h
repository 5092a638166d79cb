// Weights as convolutions read them.
#pragma once

#include <stdint.h>

/// `outputs` filters of `fan_in` weights, row-major.
typedef struct {
    int64_t outputs, fan_in;
    double epsilon;
    int threads;
} gcb_filters;

/// standardized = (w − mean)/(deviation + ε) per filter, the deviation unbiased.
void gcb_standardize(const gcb_filters *filters, const float *w, float *standardized);

/// dw = (g − mean(g))/d − (w − mean)·Σ(g·(w − mean))/((fan-in − 1)·deviation·d²) per filter,
/// d = deviation + ε, without the last term where the deviation is 0.
void gcb_standardize_gradient(
    const gcb_filters *filters, const float *gradient, const float *w, float *dw);

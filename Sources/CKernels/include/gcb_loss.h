// The loss and the counts of hits.
#pragma once

#include <stdint.h>

/// With t[n, c] = (1 − ε)·[c = label(n)] + ε/C and p = softmax(z): loss = −(1/N) Σ t·log p and
/// gradient = (p − t)/N, rows of C. A label outside 0 ..< C makes the loss NaN.
void gcb_softmax_cross_entropy(
    const float *scores, const int64_t *labels, int64_t rows, int64_t classes,
    double smoothing, float *loss, float *gradient);

/// How many rows have their label among the k largest scores; of equal scores the lower class is
/// the larger one, and a NaN is never right.
void gcb_top_k(
    const float *scores, const int64_t *labels, int64_t rows, int64_t classes, int64_t k,
    float *count);

/// With t[n] = (1 − ε)·label(n) + ε/2 and p = 1/(1 + e⁻ᶻ): loss = −(1/N) Σ (t·log p +
/// (1 − t)·log(1 − p)) and gradient = (p − t)/N. A label that is neither 0 nor 1 makes the loss NaN.
void gcb_sigmoid_cross_entropy(
    const float *logits, const int64_t *labels, int64_t rows, double smoothing, float *loss,
    float *gradient);

/// How many rows have label 1 and a logit greater than 0, or label 0 and one that is not; a NaN is
/// never right.
void gcb_sign_correct(const float *logits, const int64_t *labels, int64_t rows, float *count);

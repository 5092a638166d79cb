// Batch and group normalization with what follows them, forward and backward.
//
//   y = act(γ·(x − μ)/√(σ² + ε) + β [+ r])
//
// Statistics are per channel (batch), or per image and group of channels (group); σ² is biased.
// Sums are shifted by a first element, added up in float32 over a few thousand elements and in
// double beyond. Activations and their gradients are stored in the shape's format, everything else
// in float32.
//
// The ladders stand in batch_normalization.c and group_normalization.c.
#pragma once

#include "gcb_activation.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    gcb_activation shape;
    /// 0: statistics over batch and space. Otherwise groups per image; divides `shape.channels`.
    int64_t groups;
    double epsilon;
    bool adds_residual;
    bool rectifies;
    int threads;
} gcb_normalization;

/// Bytes of scratch memory that forward and backward want.
size_t gcb_normalization_workspace(const gcb_normalization *rule);

/// Writes y, μ and σ². `residual` is read if the rule adds one. `y` may be `x` or `residual`.
void gcb_normalization_forward(
    const gcb_normalization *rule, const void *x, const float *scale, const float *shift,
    const void *residual, void *y, float *mean, float *variance, void *workspace);

/// The same with given statistics, per channel whatever the rule's groups.
void gcb_normalization_inference(
    const gcb_normalization *rule, const void *x, const float *scale, const float *shift,
    const float *mean, const float *variance, const void *residual, void *y);

/// With d = dy, counted only where y > 0 if the rule rectifies, and x̂ = (x − μ)/√(σ² + ε):
///
///   dβ = Σ d,  dγ = Σ d·x̂,  dx = γ/√(σ² + ε) · (d − (Σ γd)/(γn) − x̂·(Σ γd·x̂)/(γn)),  dr = d
///
/// with the sums over what the statistics were taken over, n elements.
/// `dx` may be `dy` or `x`; with a residual `dr` may be `dy` and `dx` may be `x`, but not the other
/// way round. `y` is read only where a residual was added: elsewhere its sign follows from x.
void gcb_normalization_backward(
    const gcb_normalization *rule, const void *dy, const void *x, const float *scale,
    const float *shift, const float *mean, const float *variance, const void *y, void *dx,
    float *dscale, float *dshift, void *dresidual, void *workspace);

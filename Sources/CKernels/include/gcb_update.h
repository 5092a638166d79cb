// Parameter updates: decay, centralization, momentum and descent in one pass over the weights.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Where the outputs of a weight lie, so that each output's slice can be centralized.
///
/// Memory is `chunks` stretches of `chunk` elements. Within a stretch, element e belongs to output
/// number (e / run) mod lanes of that stretch:
///
/// | layout | chunks | lanes | run |
/// |---|---|---|---|
/// | `[O, fan-in]` row-major | O | 1 | 1 |
/// | `OIhw16i16o`, `Ohwi16o`, `Goihw16g` | ⌈O/16⌉ | 16 | 1 |
/// | `OIhw16o16i` | O/16 | 16 | 16 |
/// | `OIhw8i16o2i` (bfloat16 pairs) | O/16 | 16 | 2 |
/// | `hwio` | 1 | O | 1 |
///
/// `lanes · run` divides `chunk`. Padding is allowed for outputs, not for the fan-in.
typedef struct {
    int64_t chunks;
    int64_t chunk;
    int64_t lanes;
    int64_t run;
} gcb_slices;

/// One step of stochastic gradient descent on one weight.
///
///   g' = g + λ·w;  e = Σ g'²;  u = g' − mean(g') per output, if `centralizes`
///   m' = u at step 0, else μ·m + (1 − dampening)·u
///   d = u + μ·m' with Nesterov, else m', or u without momentum
///   w' = w − η·d
typedef struct {
    float weight_decay;
    float momentum;
    float dampening;
    bool has_momentum;
    bool is_nesterov;
    bool centralizes;
    gcb_slices slices;
    int threads;
} gcb_update;

/// Runs the update in place on `weight` and, with momentum, `buffer`. `rate` and `step` are read
/// from memory, so a prepared step serves a whole schedule. `energies` (if `centralizes`) becomes
/// {Σ over outputs of fan-in · mean², Σ g'²}.
void gcb_update_run(
    const gcb_update *rule, float *weight, const float *gradient, float *buffer,
    const float *rate, const float *step, float *energies);

/// u − mean(u) per output, and the same energies. `result` may be `u`.
void gcb_centralize(
    const gcb_slices *slices, int threads, const float *u, float *result, float *energies);

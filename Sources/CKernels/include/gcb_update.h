// Parameter updates: a short program over the elements of one weight and its state, run block by
// block, so that memory is read and written once.
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
/// | `[I, O, h, w]` row-major | 1 | O | h·w |
///
/// `lanes · run` divides `chunk`. Padding is allowed for outputs, not for the fan-in.
typedef struct {
    int64_t chunks;
    int64_t chunk;
    int64_t lanes;
    int64_t run;
} gcb_slices;

/// What a step of a program computes.
typedef enum {
    gcb_update_scaled,  ///< y = α·a
    gcb_update_sum,  ///< y = α·a + β·b
    gcb_update_product,  ///< y = α·a·b + β·c
    gcb_update_maximum,  ///< y = max(a, b)
    gcb_update_ratio,  ///< y = α·a / (β·√(max(b, 0) + inner) + outer)
    gcb_update_centralized,  ///< y = α·a + β·(b − mean(b)), the mean per output
} gcb_update_kind;

/// `constant`, times what `scalar` points to unless it is null: read when the program runs, so
/// that a prepared update serves a whole schedule.
typedef struct {
    float constant;
    const float *scalar;
} gcb_factor;

/// One step; y, a, b and c are numbers of slots.
typedef struct {
    gcb_update_kind kind;
    int y, a, b, c;
    gcb_factor alpha, beta;
    float inner, outer;
} gcb_update_step;

/// Where a program keeps a tensor.
typedef enum {
    gcb_slot_memory,  ///< the weight, its gradient or its state
    gcb_slot_block,  ///< nowhere but in cache, for the length of a block
    gcb_slot_stretch,  ///< workspace for a stretch, from before centralization to after it
} gcb_slot_kind;

typedef struct {
    gcb_slot_kind kind;
    int index;  ///< number among the slots of its kind
    float *memory;  ///< of `gcb_slot_memory`
} gcb_slot;

#define GCB_UPDATE_SLOTS 24
#define GCB_UPDATE_STEPS 32
/// Slots of kind `gcb_slot_block`.
#define GCB_UPDATE_BLOCKS 8

/// An update of one weight.
///
/// Without centralization all steps run block by block. With it, the first `before` steps run over
/// a stretch of whole outputs, which fills the slot `centralized`; then its means are known and
/// the other steps run over the same stretch, which is in cache by then.
typedef struct {
    const gcb_update_step *steps;
    int step_count;
    const gcb_slot *slots;
    int slot_count;
    bool centralizes;
    int before;
    int centralized;
    gcb_slices slices;
    int threads;
    void *workspace;  ///< `gcb_update_workspace` bytes; null where that is 0
} gcb_update;

/// Bytes that an update needs besides its tensors. `stretches` counts the slots of that kind.
size_t gcb_update_workspace(
    const gcb_slices *slices, bool centralizes, int stretches, int threads);

/// Runs the program. `energies` (if it centralizes) becomes {Σ over outputs of fan-in · mean²,
/// Σ a²}, a what it centralizes.
void gcb_update_run(const gcb_update *update, float *energies);

/// Σ x².
float gcb_squared_norm(const float *x, int64_t count, int threads);

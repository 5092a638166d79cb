// What the directions of Winograd's algorithm have in common.
#pragma once

#include "gcb_pool.h"
#include "gcb_winograd.h"
#include "isa/table.h"

#include <string.h>

/// Vectors of channels in one panel of a product's right side.
#define GCB_PANEL 4

/// The products of a tile lie in sixteen planes. A few lines between planes keep them from
/// falling into the same sets of a cache.
#define GCB_PLANE_GAP 80

static inline int64_t winograd_tiles(const gcb_winograd *shape) {
    return shape->images * ((shape->height + 1) / 2) * ((shape->width + 1) / 2);
}

static inline size_t winograd_rounded(int64_t bytes) {
    return ((size_t)bytes + 63) / 64 * 64;
}

/// Vectors of the panel that starts at vector `first` of `count`.
static inline int winograd_panel(int64_t first, int64_t count) {
    return (int)(count - first < GCB_PANEL ? count - first : GCB_PANEL);
}

/// Which tile: counted on, so that nothing has to be divided for each.
typedef struct {
    int64_t image, row, column;
} winograd_place;

static inline winograd_place winograd_place_of(const gcb_winograd *shape, int64_t tile) {
    int64_t across = (shape->width + 1) / 2, down = (shape->height + 1) / 2;
    return (winograd_place){tile / across / down, tile / across % down, tile % across};
}

static inline void winograd_advance(const gcb_winograd *shape, winograd_place *place) {
    if (++place->column < (shape->width + 1) / 2) return;
    place->column = 0;
    if (++place->row < (shape->height + 1) / 2) return;
    place->row = 0;
    ++place->image;
}

/// The 4×4 pixels around a tile in a tensor with `channels` channels. Tiles beyond the last one lie
/// outside.
void winograd_source_patch(
    const gcb_winograd *shape, const gcb_bfloat16 *data, int64_t channels, winograd_place place,
    gcb_patch *patch);

/// The 2×2 pixels of a tile.
void winograd_result_patch(
    const gcb_winograd *shape, const gcb_bfloat16 *data, int64_t channels, winograd_place place,
    gcb_patch *patch);

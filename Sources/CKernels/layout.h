// How an activation is cut into slabs.
#pragma once

#include "gcb_activation.h"
#include "isa/table.h"

/// Channels of one slab's block that lanes cycle through.
static inline int64_t gcb_period(const gcb_activation *shape) {
    return shape->block == 0 ? GCB_LANES : shape->block;
}

/// Blocks of channels.
static inline int64_t gcb_blocks(const gcb_activation *shape) {
    int64_t period = gcb_period(shape);
    return (shape->channels + period - 1) / period;
}

/// Elements from the tensor's start to the slab of an image and a block.
static inline int64_t gcb_slab_offset(const gcb_activation *shape, int64_t image, int64_t block) {
    if (shape->block == 0)
        return image * shape->space * shape->channels + block * GCB_LANES;
    return (image * gcb_blocks(shape) + block) * shape->space * shape->block;
}

static inline gcb_slab gcb_slab_of(const gcb_activation *shape, int64_t block) {
    if (shape->block == 0) {
        int64_t lanes = shape->channels - block * GCB_LANES;
        if (lanes >= GCB_LANES) return (gcb_slab){shape->space, 0, shape->channels, GCB_LANES};
        return (gcb_slab){0, shape->space, shape->channels, (int)lanes};
    }
    int64_t elements = shape->space * shape->block;
    int64_t rest = elements % GCB_LANES;
    return (gcb_slab){elements / GCB_LANES, rest != 0, GCB_LANES, (int)rest};
}

/// Spreads one number per channel over lanes, zero for padding channels.
static inline void gcb_lanes_from_channels(
    const gcb_activation *shape, int64_t block, const float *channels, float *lanes) {
    int64_t period = gcb_period(shape);
    for (int64_t l = 0; l < GCB_LANES; ++l) {
        int64_t channel = block * period + l % period;
        lanes[l] = channel < shape->channels ? channels[channel] : 0;
    }
}

/// Adds up the lanes of each channel: `lanes[0 ..< period]` become sums.
static inline void gcb_fold_lanes(const gcb_activation *shape, double *lanes) {
    int64_t period = gcb_period(shape);
    for (int64_t l = period; l < GCB_LANES; ++l) lanes[l % period] += lanes[l];
}

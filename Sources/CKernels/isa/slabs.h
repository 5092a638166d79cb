// Loops over a slab: the sums and the element-wise passes of normalizations.

static void GCB_NAME(slab_sums)(
    const gcb_slab *slab, const void *data, const float *pivot, double *sum, double *square) {
    const GCB_STORED *x = data;
    const gcb_v origin = load(pivot);
    const int64_t stride = slab->stride;
    for (int64_t done = 0; done < slab->full; done += GCB_FLUSH) {
        int64_t count = slab->full - done < GCB_FLUSH ? slab->full - done : GCB_FLUSH;
        gcb_v s[4] = {0}, q[4] = {0};
        int64_t i = 0;
        for (; i + 4 <= count; i += 4, x += 4 * stride)
            for (int u = 0; u < 4; ++u) {
                gcb_v d = load(x + u * stride) - origin;
                s[u] += d;
                q[u] += d * d;
            }
        for (; i < count; ++i, x += stride) {
            gcb_v d = load(x) - origin;
            s[0] += d;
            q[0] += d * d;
        }
        add_to(sum, (s[0] + s[1]) + (s[2] + s[3]));
        add_to(square, (q[0] + q[1]) + (q[2] + q[3]));
    }
    const gcb_vi mask = first_lanes(slab->partial_lanes);
    gcb_v s = 0, q = 0;
    for (int64_t i = 0; i < slab->partial; ++i, x += stride) {
        gcb_v d = where(mask, load_some(x, slab->partial_lanes) - origin);
        s += d;
        q += d * d;
    }
    add_to(sum, s);
    add_to(square, q);
}

GCB_INLINE void GCB_NAME(apply_template)(
    const gcb_slab *slab, const GCB_STORED *x, const GCB_STORED *residual, GCB_STORED *y,
    const gcb_lane_constants *constants, bool adds, bool rectifies) {
    const gcb_v scale = load(constants->scale), shift = load(constants->shift);
    const gcb_v mean = load(constants->mean);
    const int lanes = slab->partial_lanes;
    GCB_EACH_VECTOR(
        slab,
        {
            gcb_v v = (load(x + at) - mean) * scale + shift;
            if (adds) v += load(residual + at);
            store(y + at, rectifies ? rectified(v) : v);
        },
        {
            gcb_v v = (load_some(x + at, lanes) - mean) * scale + shift;
            if (adds) v += load_some(residual + at, lanes);
            store_some(y + at, rectifies ? rectified(v) : v, lanes);
        });
}

static void GCB_NAME(slab_apply)(
    const gcb_slab *slab, const void *x, const void *residual, void *y,
    const gcb_lane_constants *constants, bool rectifies) {
#define GCB_APPLY(adds, rectifies)                                                              \
    GCB_NAME(apply_template)(slab, x, residual, y, constants, adds, rectifies)
    if (residual && rectifies) GCB_APPLY(true, true);
    else if (residual) GCB_APPLY(true, false);
    else if (rectifies) GCB_APPLY(false, true);
    else GCB_APPLY(false, false);
#undef GCB_APPLY
}

GCB_INLINE void GCB_NAME(gradient_sums_template)(
    const gcb_slab *slab, const GCB_STORED *dy, const GCB_STORED *x, const GCB_STORED *y,
    GCB_STORED *masked, const gcb_lane_constants *constants, gcb_mask mask, bool writes,
    double *sum, double *product) {
    const gcb_v scale = load(constants->scale), shift = load(constants->shift);
    const gcb_v mean = load(constants->mean);
    const int64_t stride = slab->stride;
    int64_t at = 0;
    for (int64_t done = 0; done < slab->full; done += GCB_FLUSH) {
        int64_t count = slab->full - done < GCB_FLUSH ? slab->full - done : GCB_FLUSH;
        gcb_v s[4] = {0}, p[4] = {0};
        int64_t i = 0;
        for (; i + 4 <= count; i += 4)
            for (int u = 0; u < 4; ++u, at += stride) {
                gcb_v centred = load(x + at) - mean;
                gcb_v old = mask == gcb_mask_stored ? load(y + at) : centred;
                gcb_v d = masked_gradient(load(dy + at), centred, old, scale, shift, mask);
                if (writes) store(masked + at, d);
                s[u] += d;
                p[u] += d * centred;
            }
        for (; i < count; ++i, at += stride) {
            gcb_v centred = load(x + at) - mean;
            gcb_v old = mask == gcb_mask_stored ? load(y + at) : centred;
            gcb_v d = masked_gradient(load(dy + at), centred, old, scale, shift, mask);
            if (writes) store(masked + at, d);
            s[0] += d;
            p[0] += d * centred;
        }
        add_to(sum, (s[0] + s[1]) + (s[2] + s[3]));
        add_to(product, (p[0] + p[1]) + (p[2] + p[3]));
    }
    const int lanes = slab->partial_lanes;
    gcb_v s = 0, p = 0;
    for (int64_t i = 0; i < slab->partial; ++i, at += stride) {
        gcb_v centred = load_some(x + at, lanes) - mean;
        gcb_v old = mask == gcb_mask_stored ? load_some(y + at, lanes) : centred;
        gcb_v d = masked_gradient(load_some(dy + at, lanes), centred, old, scale, shift, mask);
        if (writes) store_some(masked + at, d, lanes);
        s += d;
        p += d * centred;
    }
    add_to(sum, s);
    add_to(product, p);
}

static void GCB_NAME(slab_gradient_sums)(
    const gcb_slab *slab, const void *dy, const void *x, const void *y, void *masked,
    const gcb_lane_constants *constants, gcb_mask mask, double *sum, double *product) {
#define GCB_SUMS(mask, writes)                                                                  \
    GCB_NAME(gradient_sums_template)(slab, dy, x, y, masked, constants, mask, writes, sum, product)
    switch (mask) {
    case gcb_mask_none:
        if (masked) GCB_SUMS(gcb_mask_none, true);
        else GCB_SUMS(gcb_mask_none, false);
        break;
    case gcb_mask_recomputed: GCB_SUMS(gcb_mask_recomputed, false); break;
    case gcb_mask_stored: GCB_SUMS(gcb_mask_stored, true); break;
    }
#undef GCB_SUMS
}

GCB_INLINE void GCB_NAME(gradient_apply_template)(
    const gcb_slab *slab, const GCB_STORED *d, const GCB_STORED *x, GCB_STORED *dx,
    const gcb_lane_constants *constants, gcb_mask mask) {
    const gcb_v scale = load(constants->scale), shift = load(constants->shift);
    const gcb_v mean = load(constants->mean);
    const gcb_v slope = load(constants->slope), offset = load(constants->offset);
    const int lanes = slab->partial_lanes;
    GCB_EACH_VECTOR(
        slab,
        {
            gcb_v centred = load(x + at) - mean;
            gcb_v g = masked_gradient(load(d + at), centred, centred, scale, shift, mask);
            store(dx + at, g * scale + (centred * slope + offset));
        },
        {
            gcb_v centred = load_some(x + at, lanes) - mean;
            gcb_v g = masked_gradient(
                load_some(d + at, lanes), centred, centred, scale, shift, mask);
            store_some(dx + at, g * scale + (centred * slope + offset), lanes);
        });
}

static void GCB_NAME(slab_gradient_apply)(
    const gcb_slab *slab, const void *d, const void *x, void *dx,
    const gcb_lane_constants *constants, gcb_mask mask) {
    if (mask == gcb_mask_recomputed)
        GCB_NAME(gradient_apply_template)(slab, d, x, dx, constants, gcb_mask_recomputed);
    else GCB_NAME(gradient_apply_template)(slab, d, x, dx, constants, gcb_mask_none);
}

static void GCB_NAME(slab_fill)(const gcb_slab *slab, void *result, const float *value) {
    GCB_STORED *y = result;
    const gcb_v v = load(value);
    GCB_EACH_VECTOR(
        slab, store(y + at, v), store_some(y + at, v, slab->partial_lanes));
}

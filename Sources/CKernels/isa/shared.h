// What the loops over activations have in common, however they are stored.

// Vectors between two flushes of float32 sums into doubles.
#define GCB_FLUSH 512

/// Calls `step(vector, lanes)` for each vector of the slab; `lanes` is 16 but for partial ones.
#define GCB_EACH_VECTOR(slab, whole, some)                                                      \
    do {                                                                                        \
        int64_t at = 0;                                                                         \
        for (int64_t i = 0; i < (slab)->full; ++i, at += (slab)->stride) whole;                 \
        for (int64_t i = 0; i < (slab)->partial; ++i, at += (slab)->stride) some;               \
    } while (0)

GCB_INLINE gcb_v rectified(gcb_v v) { return v < 0.0f ? (gcb_v)0.0f : v; }

/// A permutation of the 32-bit numbers that looks random.
GCB_INLINE gcb_vw hashed(gcb_vw x) {
    x = (x ^ (x >> 16)) * 0x7FEB352Du;
    x = (x ^ (x >> 15)) * 0x846CA68Bu;
    return x ^ (x >> 16);
}

/// All ones where dropout keeps the elements `number`.
GCB_INLINE gcb_vi is_kept(gcb_vw number, const gcb_mask_rule *rule) {
    return hashed(hashed(number ^ rule->words[0]) ^ rule->words[1]) >= rule->threshold;
}

/// dy where the mask lets it through. The recomputed sign is that of the forward pass, bit by
/// bit: the same expression of the same constants.
GCB_INLINE gcb_v masked_gradient(
    gcb_v dy, gcb_v centred, gcb_v y, gcb_v scale, gcb_v shift, gcb_mask mask) {
    if (mask == gcb_mask_recomputed) return where(centred * scale + shift > 0.0f, dy);
    if (mask == gcb_mask_stored) return where(y > 0.0f, dy);
    return dy;
}

/// The stretch of a window along one axis that lies inside: kernel offsets `[*first, *last)`.
GCB_INLINE void window_inside(
    int64_t start, int64_t kernel, int64_t extent, int64_t *first, int64_t *last) {
    *first = start < 0 ? -start : 0;
    *last = start + kernel > extent ? extent - start : kernel;
}

/// The windows along one axis that hold `at`: numbers `[*first, *last)`.
GCB_INLINE void windows_holding(
    int64_t at, const gcb_plane *plane, int64_t count, int64_t *first, int64_t *last) {
    int64_t end = at + plane->padding;
    int64_t low = end - plane->kernel + 1;
    *first = low <= 0 ? 0 : (low + plane->stride - 1) / plane->stride;
    *last = end / plane->stride + 1 < count ? end / plane->stride + 1 : count;
}

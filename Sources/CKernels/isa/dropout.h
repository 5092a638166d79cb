// Dropout over a slab, whose first vector holds the elements `numbers`.

static void GCB_NAME(slab_dropout)(
    const gcb_slab *slab, const void *data, void *result, const uint32_t *numbers, uint32_t step,
    const gcb_mask_rule *rule) {
    const GCB_STORED *x = data;
    GCB_STORED *y = result;
    gcb_vw number = *(const gcb_vwu *)numbers;
    int64_t at = 0;
    for (int64_t i = 0; i < slab->full; ++i, at += slab->stride, number += step)
        store(y + at, where(is_kept(number, rule), load(x + at) * rule->scale));
    for (int64_t i = 0; i < slab->partial; ++i, at += slab->stride, number += step) {
        gcb_v v = load_some(x + at, slab->partial_lanes);
        store_some(
            y + at, where(is_kept(number, rule), v * rule->scale), slab->partial_lanes);
    }
}

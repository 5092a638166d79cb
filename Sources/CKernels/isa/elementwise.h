// Loops over plain stretches of memory.

static void GCB_NAME(relu)(const void *data, void *result, int64_t count) {
    const GCB_STORED *x = data;
    GCB_STORED *y = result;
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) store(y + i, rectified(load(x + i)));
    if (i < count) store_some(y + i, rectified(load_some(x + i, count - i)), count - i);
}

static void GCB_NAME(relu_gradient)(
    const void *gradient, const void *forward, void *result, int64_t count) {
    const GCB_STORED *dy = gradient, *y = forward;
    GCB_STORED *dx = result;
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) store(dx + i, where(load(y + i) > 0.0f, load(dy + i)));
    if (i < count) {
        gcb_v d = where(load_some(y + i, count - i) > 0.0f, load_some(dy + i, count - i));
        store_some(dx + i, d, count - i);
    }
}

static void GCB_NAME(add)(
    float alpha, const void *left, float beta, const void *right, void *result, int64_t count) {
    const GCB_STORED *a = left, *b = right;
    GCB_STORED *y = result;
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) store(y + i, alpha * load(a + i) + beta * load(b + i));
    if (i < count) {
        gcb_v v = alpha * load_some(a + i, count - i) + beta * load_some(b + i, count - i);
        store_some(y + i, v, count - i);
    }
}

// Loops over plain stretches of memory.

static void relu(const float *x, float *y, int64_t count) {
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) store(y + i, rectified(load(x + i)));
    if (i < count) store_some(y + i, rectified(load_some(x + i, count - i)), count - i);
}

static void relu_gradient(const float *dy, const float *y, float *dx, int64_t count) {
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) store(dx + i, where(load(y + i) > 0.0f, load(dy + i)));
    if (i < count) {
        gcb_v d = where(load_some(y + i, count - i) > 0.0f, load_some(dy + i, count - i));
        store_some(dx + i, d, count - i);
    }
}

static void add(
    float alpha, const float *a, float beta, const float *b, float *y, int64_t count) {
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) store(y + i, alpha * load(a + i) + beta * load(b + i));
    if (i < count) {
        gcb_v v = alpha * load_some(a + i, count - i) + beta * load_some(b + i, count - i);
        store_some(y + i, v, count - i);
    }
}

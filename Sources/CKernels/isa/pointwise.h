// A block of the weight gradient of a 1×1 convolution.

/// dw[b][i][lane] += Σ_p dy[b][p][lane] · x[p][i] for eight inputs i and `blocks` blocks of sixteen
/// outputs: 24 sums in registers, each input broadcast once for all blocks.
GCB_INLINE void pointwise_template(
    int blocks, const float *dy, int64_t dy_stride, const float *x, int64_t pixels, float *dw,
    int64_t dw_stride) {
    gcb_v sums[3][8];
    for (int b = 0; b < blocks; ++b)
        for (int i = 0; i < 8; ++i) sums[b][i] = load(dw + b * dw_stride + 16 * i);
    for (int64_t p = 0; p < pixels; ++p) {
        gcb_v d[3];
        for (int b = 0; b < blocks; ++b) d[b] = load(dy + b * dy_stride + 16 * p);
        for (int i = 0; i < 8; ++i) {
            gcb_v factor = splat(x[16 * p + i]);
            for (int b = 0; b < blocks; ++b) sums[b][i] += d[b] * factor;
        }
    }
    for (int b = 0; b < blocks; ++b)
        for (int i = 0; i < 8; ++i) store(dw + b * dw_stride + 16 * i, sums[b][i]);
}

static void pointwise(
    int blocks, const float *dy, int64_t dy_stride, const float *x, int64_t pixels, float *dw,
    int64_t dw_stride) {
    switch (blocks) {
    case 1: pointwise_template(1, dy, dy_stride, x, pixels, dw, dw_stride); break;
    case 2: pointwise_template(2, dy, dy_stride, x, pixels, dw, dw_stride); break;
    default: pointwise_template(3, dy, dy_stride, x, pixels, dw, dw_stride); break;
    }
}

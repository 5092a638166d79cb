// Winograd's transforms F(2×2, 3×3) of bfloat16 numbers; a vector is sixteen channels of a pixel.
//
//        ⎡1  0 −1  0⎤        ⎡ 1   0   0 ⎤
//   Bᵀ = ⎢0  1  1  0⎥    G = ⎢ ½   ½   ½ ⎥    Aᵀ = ⎡1 1  1  0⎤
//        ⎢0 −1  1  0⎥        ⎢ ½  −½   ½ ⎥         ⎣0 1 −1 −1⎦
//        ⎣0  1  0 −1⎦        ⎣ 0   0   1 ⎦

GCB_INLINE void by_columns_and_rows(
    gcb_v *m, int rows, int columns, int results, void (*transform)(const gcb_v *, gcb_v *)) {
    gcb_v old[4], new[4], half[16];
    for (int c = 0; c < columns; ++c) {
        for (int r = 0; r < rows; ++r) old[r] = m[columns * r + c];
        transform(old, new);
        for (int r = 0; r < results; ++r) half[columns * r + c] = new[r];
    }
    for (int r = 0; r < results; ++r) {
        for (int c = 0; c < columns; ++c) old[c] = half[columns * r + c];
        transform(old, new);
        for (int c = 0; c < results; ++c) m[results * r + c] = new[c];
    }
}

GCB_INLINE void source_rule(const gcb_v *d, gcb_v *v) {
    v[0] = d[0] - d[2], v[1] = d[1] + d[2], v[2] = d[2] - d[1], v[3] = d[1] - d[3];
}

GCB_INLINE void kernel_rule(const gcb_v *g, gcb_v *u) {
    gcb_v outer = 0.5f * (g[0] + g[2]), inner = 0.5f * g[1];
    u[0] = g[0], u[1] = outer + inner, u[2] = outer - inner, u[3] = g[2];
}

GCB_INLINE void result_rule(const gcb_v *m, gcb_v *y) {
    y[0] = m[0] + m[1] + m[2], y[1] = m[1] - m[2] - m[3];
}

GCB_INLINE void result_gradient_rule(const gcb_v *y, gcb_v *m) {
    m[0] = y[0], m[1] = y[0] + y[1], m[2] = y[0] - y[1], m[3] = -y[1];
}

GCB_INLINE void kernel_gradient_rule(const gcb_v *m, gcb_v *g) {
    gcb_v sum = 0.5f * (m[1] + m[2]);
    g[0] = m[0] + sum, g[1] = 0.5f * (m[1] - m[2]), g[2] = sum + m[3];
}

/// Bᵀ d B of a patch of 4×4.
GCB_INLINE void source_patch(const gcb_patch *patch, int64_t block, gcb_v *v) {
    for (int i = 0; i < 16; ++i) v[i] = load(patch->at[i] + block * patch->step[i]);
    // The two rows that the tile below does not share with this one.
    __builtin_prefetch(patch->at[9] + block * patch->step[9] + patch->ahead);
    __builtin_prefetch(patch->at[13] + block * patch->step[13] + patch->ahead);
    by_columns_and_rows(v, 4, 4, 4, source_rule);
}

/// A dy Aᵀ of a patch of 2×2.
GCB_INLINE void result_patch(const gcb_patch *patch, int64_t block, gcb_v *m) {
    for (int i = 0; i < 4; ++i) m[i] = load(patch->at[i] + block * patch->step[i]);
    __builtin_prefetch(patch->at[0] + block * patch->step[0] + patch->ahead);
    __builtin_prefetch(patch->at[2] + block * patch->step[2] + patch->ahead);
    by_columns_and_rows(m, 2, 2, 4, result_gradient_rule);
}

/// Numbers that nobody sees need not keep their payloads.
GCB_INLINE void store_transformed(gcb_bfloat16 *p, gcb_v v) {
#if GCB_HAS_PAIR_PRODUCTS
    *(__m256i_u *)p = (__m256i)_mm512_cvtneps_pbh((__m512)v);
#else
    store(p, v);
#endif
}

static void winograd_source(
    const gcb_patch *patch, int64_t blocks, gcb_bfloat16 *to, int64_t to_plane) {
    for (int64_t block = 0; block < blocks; ++block) {
        gcb_v v[16];
        source_patch(patch, block, v);
        for (int t = 0; t < 16; ++t) store_transformed(to + t * to_plane + 16 * block, v[t]);
    }
}

static void winograd_source_pair(
    const gcb_patch *low, const gcb_patch *high, int64_t block, gcb_pair *to, int64_t to_plane) {
    gcb_v v[16], w[16];
    source_patch(low, block, v);
    source_patch(high, block, w);
    for (int t = 0; t < 16; ++t) *(gcb_vwu *)(to + t * to_plane) = paired(v[t], w[t]);
}

static void winograd_result_pair(
    const gcb_patch *low, const gcb_patch *high, int64_t block, gcb_pair *to, int64_t to_plane) {
    gcb_v v[16], w[16];
    result_patch(low, block, v);
    result_patch(high, block, w);
    for (int t = 0; t < 16; ++t) *(gcb_vwu *)(to + t * to_plane) = paired(v[t], w[t]);
}

GCB_INLINE void result_template(
    const float *m, int64_t m_plane, const gcb_patch *patch, int64_t block, const float *bias,
    bool adds, bool rectifies) {
    gcb_v y[16];
    for (int t = 0; t < 16; ++t) y[t] = load(m + t * m_plane);
    by_columns_and_rows(y, 4, 4, 2, result_rule);
    for (int i = 0; i < 4; ++i) {
        // A pixel outside has no memory.
        if (patch->step[i] == 0) continue;
        gcb_bfloat16 *to = (gcb_bfloat16 *)patch->at[i] + block * patch->step[i];
        gcb_v v = bias ? y[i] + load(bias) : y[i];
        if (adds) v += load(to);
        store(to, rectifies ? rectified(v) : v);
    }
}

static void winograd_result(
    const float *m, int64_t m_plane, int64_t vectors, const gcb_patch *patch, int64_t block,
    const gcb_epilogue *epilogue) {
    for (int64_t v = 0; v < vectors; ++v) {
        const float *bias = epilogue->bias ? epilogue->bias + 16 * (block + v) : NULL;
        if (!epilogue->adds_residual && !epilogue->rectifies)
            result_template(m + 16 * v, m_plane, patch, block + v, bias, false, false);
        else
            result_template(
                m + 16 * v, m_plane, patch, block + v, bias, epilogue->adds_residual,
                epilogue->rectifies);
    }
}

/// A vector of pairs of each of the nine weights becomes one of each of the sixteen products.
static void winograd_kernel(
    const gcb_pair *from, int64_t from_step, gcb_pair *to, int64_t to_plane) {
    gcb_v low[16], high[16];
    for (int i = 0; i < 9; ++i) {
        gcb_vw both = *(const gcb_vwu *)(from + i * from_step);
        low[i] = lower_numbers(both);
        high[i] = upper_numbers(both);
    }
    by_columns_and_rows(low, 3, 3, 4, kernel_rule);
    by_columns_and_rows(high, 3, 3, 4, kernel_rule);
    for (int t = 0; t < 16; ++t) *(gcb_vwu *)(to + t * to_plane) = paired(low[t], high[t]);
}

static void winograd_kernel_gradient(
    const float *m, int64_t m_plane, float *to, int64_t to_step) {
    gcb_v g[16];
    for (int t = 0; t < 16; ++t) g[t] = load(m + t * m_plane);
    by_columns_and_rows(g, 4, 4, 3, kernel_gradient_rule);
    for (int i = 0; i < 9; ++i) store(to + i * to_step, g[i]);
}

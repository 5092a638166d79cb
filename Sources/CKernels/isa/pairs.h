// Products of bfloat16 numbers, two at a time, added up in float32. A pair is 32 bits, the number
// of the lower index in the lower half.

#if GCB_HAS_PAIR_PRODUCTS
/// Zips the halves of a vector.
static const gcb_vh32 pair_order = {
    0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23,
    8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
#endif

/// Numbers rounded to bfloat16 and paired: `low` has the lower index.
GCB_INLINE gcb_vw paired(gcb_v low, gcb_v high) {
#if GCB_HAS_PAIR_PRODUCTS
    __m512i both = (__m512i)_mm512_cvtne2ps_pbh((__m512)high, (__m512)low);
    return (gcb_vw)_mm512_permutexvar_epi16((__m512i)pair_order, both);
#else
    return rounded_bits(low) | rounded_bits(high) << 16;
#endif
}

/// sum + a₀·b₀ + a₁·b₁ per lane.
GCB_INLINE gcb_v add_pairs(gcb_v sum, gcb_vw a, gcb_vw b) {
#if GCB_HAS_PAIR_PRODUCTS
    return (gcb_v)_mm512_dpbf16_ps((__m512)sum, (__m512bh)a, (__m512bh)b);
#else
    sum += lower_numbers(a) * lower_numbers(b);
    return sum + upper_numbers(a) * upper_numbers(b);
#endif
}

/// Rows and vectors of the result are constants, so that its sums stay in registers.
GCB_INLINE void pair_product_template(
    int rows, int vectors, bool joins_rows, bool fetches, const gcb_pair_product *job) {
    gcb_v sums[6][4];
    for (int r = 0; r < rows; ++r)
        for (int v = 0; v < vectors; ++v) sums[r][v] = 0;
    // Sums of large weights are far away; by the end of the loop they are here.
    if (joins_rows && job->adds)
        for (int v = 0; v < vectors; ++v)
            for (int r = 0; r < rows; ++r)
                __builtin_prefetch(job->c + 16 * r + v * job->c_vector, 1);
    const gcb_pair *a = job->a, *b = job->b;
    for (int64_t k = 0; k < job->count; ++k, a += job->a_step, b += 16 * vectors) {
        if (fetches && k < job->ahead_count) {
            const gcb_bfloat16 *const *at = job->ahead->at + 2 * k;
            const int64_t *step = job->ahead->step + 2 * k;
            __builtin_prefetch(at[0] + job->ahead_block * step[0], 0, 2);
            __builtin_prefetch(at[1] + job->ahead_block * step[1], 0, 2);
        }
        gcb_vw right[4];
        for (int v = 0; v < vectors; ++v) right[v] = *(const gcb_vwu *)(b + 16 * v);
        for (int r = 0; r < rows; ++r) {
            gcb_vw left = (gcb_vw)a[r * job->a_row];
            for (int v = 0; v < vectors; ++v) sums[r][v] = add_pairs(sums[r][v], left, right[v]);
        }
    }
    for (int v = 0; v < vectors; ++v)
        if (joins_rows)
            for (int r = 0; r < rows; r += 2) {
                float *c = job->c + 16 * r + v * job->c_vector;
                gcb_v first = zipped_low(sums[r][v], sums[r + 1][v]);
                gcb_v second = zipped_high(sums[r][v], sums[r + 1][v]);
                store(c, job->adds ? load(c) + first : first);
                store(c + 16, job->adds ? load(c + 16) + second : second);
            }
        else
            for (int r = 0; r < rows; ++r) {
                float *c = job->c + r * job->c_row + 16 * v;
                store(c, sums[r][v]);
            }
}

static void pair_product(int rows, int vectors, bool joins_rows, const gcb_pair_product *job) {
#define GCB_PRODUCT(rows, vectors)                                                              \
    case 8 * rows + vectors:                                                                    \
        if (joins_rows && job->ahead_count > 0) pair_product_template(rows, vectors, true, true, job);    \
        else if (joins_rows) pair_product_template(rows, vectors, true, false, job);            \
        else pair_product_template(rows, vectors, false, false, job);                           \
        break;
    switch (8 * rows + vectors) {
        GCB_PRODUCT(6, 4)
        GCB_PRODUCT(6, 3)
        GCB_PRODUCT(6, 2)
        GCB_PRODUCT(6, 1)
        GCB_PRODUCT(4, 4)
        GCB_PRODUCT(4, 3)
        GCB_PRODUCT(4, 2)
        GCB_PRODUCT(4, 1)
    }
#undef GCB_PRODUCT
}

/// to[k] pairs pixels 2k and 2k + 1, sixteen channels each.
static void pair_pixels(
    const gcb_pixels *pixels, int64_t block, int64_t count, gcb_pair *to, int64_t to_step) {
    for (int64_t k = 0; k < count; ++k, to += to_step) {
        const gcb_bfloat16 *low = pixels->at[2 * k] + block * pixels->step[2 * k];
        const gcb_bfloat16 *high = pixels->at[2 * k + 1] + block * pixels->step[2 * k + 1];
#if GCB_HAS_PAIR_PRODUCTS
        if (__builtin_expect(high == low + 16, 1)) {
            __m512i both = _mm512_loadu_si512(low);
            *(gcb_vwu *)to = (gcb_vw)_mm512_permutexvar_epi16((__m512i)pair_order, both);
            continue;
        }
#endif
        *(gcb_vwu *)to = wide(low) | wide(high) << 16;
    }
}

// The loops of parameter updates: the steps of a program over one block, and the sums that
// centralization needs.

/// What a step computes once its factors are known: factors of one cost no multiplication.
typedef enum {
    formula_copy,  ///< a
    formula_scaled,  ///< α·a
    formula_plus_scaled,  ///< a + β·b
    formula_scaled_plus,  ///< α·a + b
    formula_sum,  ///< α·a + β·b
    formula_product,  ///< α·a·b + β·c
    formula_maximum,  ///< max(a, b)
    formula_ratio,  ///< α·a / (β·√(max(b, 0) + inner) + outer)
} gcb_formula;

GCB_INLINE gcb_v evaluated(
    gcb_formula formula, const gcb_block_step *step, gcb_v a, gcb_v b, gcb_v c) {
    const float alpha = step->alpha, beta = step->beta;
    switch (formula) {
    case formula_copy: return a;
    case formula_scaled: return alpha * a;
    case formula_plus_scaled: return a + beta * b;
    case formula_scaled_plus: return alpha * a + b;
    case formula_sum: return alpha * a + beta * b;
    case formula_product: return alpha * a * b + beta * c;
    case formula_maximum: return a > b ? a : b;
    case formula_ratio: {
        // Rounding can leave less than 0; a NaN stays one.
        gcb_v square = b < 0.0f ? (gcb_v)0.0f : b;
        gcb_v root = __builtin_elementwise_sqrt(square + step->inner);
        return alpha * a / (beta * root + step->outer);
    }
    }
}

GCB_INLINE void fill_block(const gcb_block_step *shared, int64_t count, gcb_formula formula) {
    // A copy: what is written through y cannot change it.
    const gcb_block_step own = *shared, *step = &own;
    int64_t i = 0;
#pragma clang loop unroll_count(4)
    for (; i + 16 <= count; i += 16) {
        __builtin_prefetch(step->ahead + i);
        store(
            step->y + i,
            evaluated(formula, step, load(step->a + i), load(step->b + i), load(step->c + i)));
    }
    if (i < count) {
        const int64_t lanes = count - i;
        gcb_v a = load_some(step->a + i, lanes), b = load_some(step->b + i, lanes);
        gcb_v y = evaluated(formula, step, a, b, load_some(step->c + i, lanes));
        store_some(step->y + i, y, lanes);
    }
}

static void fill_sum(const gcb_block_step *step, int64_t count) {
    // A factor of 0 stands for a part that sleeps at this step, such as Lookahead's slow weights.
    if (step->beta == 0 && step->alpha == 1) {
        if (step->a != step->y) fill_block(step, count, formula_copy);
    } else if (step->beta == 0) fill_block(step, count, formula_scaled);
    else if (step->alpha == 1) fill_block(step, count, formula_plus_scaled);
    else if (step->beta == 1) fill_block(step, count, formula_scaled_plus);
    else fill_block(step, count, formula_sum);
}

/// y = α·a + β·(b − means[slot]), the slots going round.
static void fill_centralized(
    const gcb_block_step *shared, int64_t count, const float *means, int64_t slot,
    int64_t pattern) {
    const gcb_block_step own = *shared, *step = &own;
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) {
        __builtin_prefetch(step->ahead + i);
        gcb_v centralized = load(step->b + i) - load(means + slot);
        store(step->y + i, step->alpha * load(step->a + i) + step->beta * centralized);
        slot += 16;
        slot = slot == pattern ? 0 : slot;
    }
    if (i < count) {
        const int64_t lanes = count - i;
        gcb_v centralized = load_some(step->b + i, lanes) - load(means + slot);
        gcb_v y = step->alpha * load_some(step->a + i, lanes) + step->beta * centralized;
        store_some(step->y + i, y, lanes);
    }
}

static void update_block(
    const gcb_block_step *steps, int step_count, int64_t count, const float *means, int64_t slot,
    int64_t pattern) {
    for (const gcb_block_step *step = steps; step < steps + step_count; ++step)
        switch (step->kind) {
        case gcb_update_scaled: fill_block(step, count, formula_scaled); break;
        case gcb_update_sum: fill_sum(step, count); break;
        case gcb_update_product: fill_block(step, count, formula_product); break;
        case gcb_update_maximum: fill_block(step, count, formula_maximum); break;
        case gcb_update_ratio: fill_block(step, count, formula_ratio); break;
        case gcb_update_centralized:
            fill_centralized(step, count, means, slot, pattern);
            break;
        }
}

/// sums[slot] += u, energy += u², the slots going round from `slot`; both in vectors of 16.
///
/// Blocks of the commonest pattern are added up in four independent vectors first.
static void update_sums(
    const float *u, int64_t count, int64_t slot, int64_t pattern, double *sums,
    double *energy) {
    int64_t i = 0;
    gcb_v squares = 0;
    if (pattern == 64 && slot == 0) {
        gcb_v s[4] = {0}, q[4] = {0};
        for (; i + 64 <= count; i += 64)
            for (int k = 0; k < 4; ++k) {
                gcb_v v = load(u + i + 16 * k);
                s[k] += v;
                q[k] += v * v;
            }
        for (int k = 0; k < 4; ++k) add_to(sums + 16 * k, s[k]);
        squares = (q[0] + q[1]) + (q[2] + q[3]);
    }
    for (; i < count; i += 16) {
        gcb_v v = count - i < 16 ? load_some(u + i, count - i) : load(u + i);
        add_to(sums + slot, v);
        squares += v * v;
        slot += 16;
        slot = slot == pattern ? 0 : slot;
    }
    add_to(energy, squares);
}

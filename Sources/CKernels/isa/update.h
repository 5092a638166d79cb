// The two sweeps of a parameter update over one stretch of weights.
//
// `pattern` is a multiple of 64: element e belongs to slot e mod pattern, which the caller maps
// to outputs. 64 is four independent vectors, so that sums of one output do not wait for each
// other.

#define GCB_UPDATE_FLUSH 64

static double update_sums(
    const float *gradient, const float *weight, float decay, int64_t count, int64_t pattern,
    double *sums) {
    const gcb_v lambda = splat(decay);
    gcb_v energy[4] = {0};
    double total = 0;
    for (int64_t slot = 0; slot < pattern; slot += 64) {
        gcb_v s[4] = {0};
        int64_t pending = 0, e = slot;
        for (; e + 64 <= count; e += pattern) {
            for (int u = 0; u < 4; ++u) {
                gcb_v g = load(weight + e + 16 * u) * lambda + load(gradient + e + 16 * u);
                s[u] += g;
                energy[u] += g * g;
            }
            if (++pending == GCB_UPDATE_FLUSH) {
                for (int u = 0; u < 4; ++u) {
                    add_to(sums + slot + 16 * u, s[u]);
                    total += horizontal_sum(energy[u]);
                    s[u] = energy[u] = (gcb_v)0.0f;
                }
                pending = 0;
            }
        }
        for (int u = 0; u < 4; ++u) {
            int64_t rest = count - (e + 16 * u);
            if (rest > 0) {
                int64_t lanes = rest < 16 ? rest : 16;
                gcb_v g = load_some(weight + e + 16 * u, lanes) * lambda
                    + load_some(gradient + e + 16 * u, lanes);
                s[u] += g;
                energy[u] += g * g;
            }
            add_to(sums + slot + 16 * u, s[u]);
        }
    }
    for (int u = 0; u < 4; ++u) total += horizontal_sum(energy[u]);
    return total;
}

/// One vector of the update: returns w' and leaves m' in `m`.
GCB_INLINE gcb_v moved(
    gcb_v w, gcb_v g, gcb_v mean, gcb_v *m, gcb_update_constants c, bool has_momentum) {
    gcb_v u = w * c.decay + g - mean;
    if (!has_momentum) return w - c.rate * u;
    *m = c.momentum != 0 ? c.momentum * *m + c.kept * u : c.kept * u;
    return w - c.rate * (c.lookahead != 0 ? u + c.lookahead * *m : *m);
}

GCB_INLINE void update_template(
    float *weight, const float *gradient, float *buffer, const float *means, int64_t pattern,
    gcb_update_constants c, int64_t count, bool has_momentum) {
    int64_t slot = 0, e = 0;
    for (; e + 16 <= count; e += 16) {
        gcb_v m = has_momentum ? load(buffer + e) : (gcb_v)0.0f;
        gcb_v w = moved(
            load(weight + e), load(gradient + e), load(means + slot), &m, c, has_momentum);
        if (has_momentum) store(buffer + e, m);
        store(weight + e, w);
        slot += 16;
        if (slot == pattern) slot = 0;
    }
    if (e < count) {
        int64_t lanes = count - e;
        gcb_v m = has_momentum ? load_some(buffer + e, lanes) : (gcb_v)0.0f;
        gcb_v w = moved(
            load_some(weight + e, lanes), load_some(gradient + e, lanes), load(means + slot), &m,
            c, has_momentum);
        if (has_momentum) store_some(buffer + e, m, lanes);
        store_some(weight + e, w, lanes);
    }
}

static void update(
    float *weight, const float *gradient, float *buffer, const float *means, int64_t pattern,
    const gcb_update_constants *constants, int64_t count) {
    const gcb_update_constants c = *constants;
    if (buffer) update_template(weight, gradient, buffer, means, pattern, c, count, true);
    else update_template(weight, gradient, buffer, means, pattern, c, count, false);
}

static void subtract(
    const float *u, const float *means, int64_t pattern, float *result, int64_t count) {
    int64_t slot = 0, e = 0;
    for (; e + 16 <= count; e += 16) {
        store(result + e, load(u + e) - load(means + slot));
        slot += 16;
        if (slot == pattern) slot = 0;
    }
    if (e < count) {
        int64_t lanes = count - e;
        store_some(result + e, load_some(u + e, lanes) - load(means + slot), lanes);
    }
}

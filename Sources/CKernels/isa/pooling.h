// Rows of poolings. A plane's channels go through in vectors of 16; the last one may be partial.

/// The largest number of `rows` × `columns` pixels and its position; x is at the first of them, whose
/// own position is `first`.
GCB_INLINE void GCB_NAME(largest)(
    const gcb_plane *plane, const GCB_STORED *x, int64_t rows, int64_t columns, int64_t first,
    int64_t lanes, gcb_v *best, gcb_vi *winner) {
    *best = load_up_to(x, lanes);
    *winner = (gcb_vi)(int32_t)first;
    for (int64_t r = 0; r < rows; ++r)
        for (int64_t c = 0; c < columns; ++c) {
            if (r == 0 && c == 0) continue;
            gcb_v v = load_up_to(x + (r * plane->width + c) * plane->pixel, lanes);
            gcb_vi wins = (v > *best) | (v != v);
            *best = wins ? v : *best;
            *winner = wins ? (gcb_vi)(int32_t)(first + r * plane->kernel + c) : *winner;
        }
}

GCB_INLINE void GCB_NAME(max_pool_window)(
    const gcb_plane *plane, const GCB_STORED *x, int64_t rows, int64_t columns, int64_t first,
    GCB_STORED *y, uint8_t *positions) {
    for (int64_t l = 0; l < plane->lanes; l += 16) {
        int64_t lanes = plane->lanes - l;
        gcb_v best;
        gcb_vi winner;
        // A whole window of the commonest size is worth loops of known length.
        if (lanes >= 16 && rows == 3 && columns == 3)
            GCB_NAME(largest)(plane, x + l, 3, 3, first, 16, &best, &winner);
        else GCB_NAME(largest)(plane, x + l, rows, columns, first, lanes, &best, &winner);
        store_up_to(y + l, best, lanes);
        gcb_vb bytes = __builtin_convertvector(winner, gcb_vb);
        if (lanes >= 16) *(gcb_vbu *)(positions + l) = bytes;
        else for (int64_t i = 0; i < lanes; ++i) positions[l + i] = bytes[i];
    }
}

static void GCB_NAME(max_pool_row)(
    const gcb_plane *plane, int64_t row, const void *data, void *result, uint8_t *positions) {
    const GCB_STORED *x = data;
    GCB_STORED *y = result;
    int64_t top = row * plane->stride - plane->padding, ky0, ky1, kx0, kx1;
    window_inside(top, plane->kernel, plane->height, &ky0, &ky1);
    for (int64_t column = 0; column < plane->pooled_width; ++column) {
        int64_t left = column * plane->stride - plane->padding;
        window_inside(left, plane->kernel, plane->width, &kx0, &kx1);
        int64_t source = ((top + ky0) * plane->width + left + kx0) * plane->pixel;
        int64_t target = (row * plane->pooled_width + column) * plane->pixel;
        GCB_NAME(max_pool_window)(
            plane, x + source, ky1 - ky0, kx1 - kx0, ky0 * plane->kernel + kx0, y + target,
            positions + target);
    }
}

static void GCB_NAME(average_pool_row)(
    const gcb_plane *plane, int64_t row, const void *data, void *result) {
    const GCB_STORED *x = data;
    GCB_STORED *y = result;
    const float share = 1.0f / (float)(plane->kernel * plane->kernel);
    int64_t top = row * plane->stride - plane->padding, ky0, ky1, kx0, kx1;
    window_inside(top, plane->kernel, plane->height, &ky0, &ky1);
    for (int64_t column = 0; column < plane->pooled_width; ++column) {
        int64_t left = column * plane->stride - plane->padding;
        window_inside(left, plane->kernel, plane->width, &kx0, &kx1);
        int64_t target = (row * plane->pooled_width + column) * plane->pixel;
        for (int64_t l = 0; l < plane->lanes; l += 16) {
            gcb_v sum = 0;
            for (int64_t ky = ky0; ky < ky1; ++ky)
                for (int64_t kx = kx0; kx < kx1; ++kx) {
                    int64_t source = (top + ky) * plane->width + left + kx;
                    sum += load_up_to(x + source * plane->pixel + l, plane->lanes - l);
                }
            store_up_to(y + target + l, sum * share, plane->lanes - l);
        }
    }
}

static void GCB_NAME(max_pool_gradient_row)(
    const gcb_plane *plane, int64_t row, const void *gradient, const uint8_t *positions,
    void *result) {
    const GCB_STORED *dy = gradient;
    GCB_STORED *dx = result;
    int64_t wy0, wy1, wx0, wx1;
    windows_holding(row, plane, plane->pooled_height, &wy0, &wy1);
    for (int64_t column = 0; column < plane->width; ++column) {
        windows_holding(column, plane, plane->pooled_width, &wx0, &wx1);
        int64_t target = (row * plane->width + column) * plane->pixel;
        for (int64_t l = 0; l < plane->lanes; l += 16) {
            int64_t lanes = plane->lanes - l;
            gcb_v sum = 0;
            for (int64_t wy = wy0; wy < wy1; ++wy)
                for (int64_t wx = wx0; wx < wx1; ++wx) {
                    int64_t ky = row + plane->padding - wy * plane->stride;
                    int64_t kx = column + plane->padding - wx * plane->stride;
                    int64_t source = (wy * plane->pooled_width + wx) * plane->pixel + l;
                    gcb_vb bytes = 0;
                    if (lanes >= 16) bytes = *(const gcb_vbu *)(positions + source);
                    else for (int64_t i = 0; i < lanes; ++i) bytes[i] = positions[source + i];
                    gcb_vi winner = __builtin_convertvector(bytes, gcb_vi);
                    sum += where(
                        winner == (gcb_vi)(int32_t)(ky * plane->kernel + kx),
                        load_up_to(dy + source, lanes));
                }
            store_up_to(dx + target + l, sum, lanes);
        }
    }
}

static void GCB_NAME(average_pool_gradient_row)(
    const gcb_plane *plane, int64_t row, const void *gradient, void *result) {
    const GCB_STORED *dy = gradient;
    GCB_STORED *dx = result;
    const float share = 1.0f / (float)(plane->kernel * plane->kernel);
    int64_t wy0, wy1, wx0, wx1;
    windows_holding(row, plane, plane->pooled_height, &wy0, &wy1);
    for (int64_t column = 0; column < plane->width; ++column) {
        windows_holding(column, plane, plane->pooled_width, &wx0, &wx1);
        int64_t target = (row * plane->width + column) * plane->pixel;
        for (int64_t l = 0; l < plane->lanes; l += 16) {
            gcb_v sum = 0;
            for (int64_t wy = wy0; wy < wy1; ++wy)
                for (int64_t wx = wx0; wx < wx1; ++wx)
                    sum += load_up_to(
                        dy + (wy * plane->pooled_width + wx) * plane->pixel + l,
                        plane->lanes - l);
            store_up_to(dx + target + l, sum * share, plane->lanes - l);
        }
    }
}

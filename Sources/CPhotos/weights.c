#include "gcb_pixels.h"

#include <math.h>
#include <string.h>

/// Weights of one result, as multiples of 2⁻²².
static void store(
    const double *real, int32_t count, double sum, int32_t taps, int32_t *weights) {
    memset(weights, 0, (size_t)taps * sizeof *weights);
    double unit = (double)(1 << GCB_WEIGHT_BITS);
    for (int32_t k = 0; k < count; ++k) weights[k] = (int32_t)(real[k] / sum * unit + 0.5);
}

static int32_t smaller(int32_t a, int32_t b) { return a < b ? a : b; }

void gcb_triangle_weights(
    const gcb_axis *axis, int32_t from, int32_t to, int32_t *first, int32_t *counts,
    int32_t *weights) {
    double scale = axis->length / axis->count, support = scale < 1 ? 1 : scale;
    int32_t taps = GCB_TAP_GROUP * axis->groups;
    for (int32_t x = from; x < to; ++x, weights += taps) {
        double centre = axis->start + (x + 0.5) * scale;
        double reach = centre - support + 0.5;
        int32_t low = reach < 0 ? 0 : (int32_t)reach;
        int32_t high = smaller((int32_t)(centre + support + 0.5), axis->limit);
        // Rounding may find a tap more than there are, with a weight of next to nothing.
        high = smaller(high, low + taps);
        double real[taps], sum = 0;
        for (int32_t k = low; k < high; ++k) {
            double weight = 1 - fabs((k - centre + 0.5) / support);
            real[k - low] = weight < 0 ? 0 : weight;
            sum += real[k - low];
        }
        *first++ = low + axis->origin;
        *counts++ = high - low;
        store(real, high - low, sum, taps, weights);
    }
}

void gcb_pair_weights(
    const gcb_axis *axis, int32_t from, int32_t to, int32_t *first, int32_t *counts,
    int32_t *weights) {
    double scale = axis->length / axis->count;
    int32_t taps = GCB_TAP_GROUP * axis->groups, last = axis->limit - 1;
    for (int32_t x = from; x < to; ++x, weights += taps) {
        double place = axis->start + (x + 0.5) * scale - 0.5;
        if (place < 0) place = 0;
        if (place > last) place = last;
        int32_t low = (int32_t)place;
        double share = place - low;
        double real[2] = {1 - share, share};
        *first++ = low + axis->origin;
        *counts = smaller(2, axis->limit - low);
        store(real, *counts++, 1, taps, weights);
    }
}

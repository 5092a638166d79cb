#include "gcb_folding.h"
#include "gcb_pool.h"

#include <math.h>

typedef struct {
    const gcb_folding *rule;
    const void *weight;
    const float *scale, *variance;
    void *folded;
} folding_job;

static float factor_of(const gcb_folding *rule, float scale, float variance) {
    return (float)(scale / sqrt((double)variance + rule->epsilon));
}

/// `count` elements from `at`, whose factors repeat every `cycle` of them.
static inline __attribute__((always_inline)) void fold(
    const folding_job *job, int64_t at, int64_t count, const float *factors, int64_t cycle) {
    if (job->rule->format == gcb_format_float32) {
        const float *weight = (const float *)job->weight + at;
        float *folded = (float *)job->folded + at;
        for (int64_t e = 0; e < count; e += cycle)
            for (int64_t f = 0; f < cycle; ++f) folded[e + f] = factors[f] * weight[e + f];
    } else {
        const gcb_bfloat16 *weight = (const gcb_bfloat16 *)job->weight + at;
        gcb_bfloat16 *folded = (gcb_bfloat16 *)job->folded + at;
        for (int64_t e = 0; e < count; e += cycle)
            for (int64_t f = 0; f < cycle; ++f)
                folded[e + f] = gcb_bfloat16_of(factors[f] * gcb_float_of(weight[e + f]));
    }
}

/// One lane of one stretch; padded outputs keep their zeros.
static void fold_lane(const folding_job *job, int64_t chunk, int64_t lane) {
    const gcb_slices *slices = &job->rule->slices;
    int64_t output = chunk * slices->lanes + lane;
    float factor = output < job->rule->outputs
        ? factor_of(job->rule, job->scale[output], job->variance[output]) : 0;
    int64_t cycle = slices->lanes * slices->run, end = (chunk + 1) * slices->chunk;
    for (int64_t at = chunk * slices->chunk + lane * slices->run; at < end; at += cycle)
        fold(job, at, slices->run, &factor, 1);
}

/// Sixteen outputs whose elements, or pairs of elements, alternate: one vector of factors, or two,
/// for the whole stretch.
static void fold_sixteen(const folding_job *job, int64_t chunk) {
    const gcb_slices *slices = &job->rule->slices;
    float factors[32];
    for (int64_t e = 0; e < 16 * slices->run; ++e) {
        int64_t output = chunk * 16 + e / slices->run;
        factors[e] = output < job->rule->outputs
            ? factor_of(job->rule, job->scale[output], job->variance[output]) : 0;
    }
    int64_t at = chunk * slices->chunk;
    if (slices->run == 1) fold(job, at, slices->chunk, factors, 16);
    else fold(job, at, slices->chunk, factors, 32);
}

static void fold_body(void *context, int part, int parts) {
    const folding_job *job = context;
    const gcb_slices *slices = &job->rule->slices;
    int64_t first, last;
    if (slices->lanes == 16 && slices->run <= 2) {
        gcb_share(slices->chunks, part, parts, &first, &last);
        for (int64_t chunk = first; chunk < last; ++chunk) fold_sixteen(job, chunk);
    } else {
        gcb_share(slices->chunks * slices->lanes, part, parts, &first, &last);
        for (int64_t item = first; item < last; ++item)
            fold_lane(job, item / slices->lanes, item % slices->lanes);
    }
}

void gcb_fold_normalization(
    const gcb_folding *rule, const void *weight, const float *scale, const float *shift,
    const float *mean, const float *variance, const float *bias, void *folded,
    float *folded_bias) {
    folding_job job = {rule, weight, scale, variance, folded};
    gcb_parallel(rule->threads, fold_body, &job);
    for (int64_t o = 0; o < rule->outputs; ++o)
        folded_bias[o] =
            ((bias ? bias[o] : 0) - mean[o]) * factor_of(rule, scale[o], variance[o]) + shift[o];
}

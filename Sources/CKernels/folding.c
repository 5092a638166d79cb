#include "gcb_folding.h"
#include "gcb_pool.h"

#include <math.h>

typedef struct {
    const gcb_folding *rule;
    const float *weight, *scale, *variance;
    float *folded;
} folding_job;

static float factor_of(const gcb_folding *rule, float scale, float variance) {
    return (float)(scale / sqrt((double)variance + rule->epsilon));
}

/// One lane of one stretch; padded outputs keep their zeros.
static void fold_lane(const folding_job *job, int64_t chunk, int64_t lane) {
    const gcb_slices *slices = &job->rule->slices;
    int64_t output = chunk * slices->lanes + lane;
    float factor = output < job->rule->outputs
        ? factor_of(job->rule, job->scale[output], job->variance[output]) : 0;
    int64_t cycle = slices->lanes * slices->run, end = (chunk + 1) * slices->chunk;
    for (int64_t at = chunk * slices->chunk + lane * slices->run; at < end; at += cycle)
        for (int64_t e = at; e < at + slices->run; ++e) job->folded[e] = factor * job->weight[e];
}

/// Sixteen outputs whose elements alternate: one vector of factors for the whole stretch.
static void fold_sixteen(const folding_job *job, int64_t chunk) {
    const gcb_slices *slices = &job->rule->slices;
    float factors[16];
    for (int64_t lane = 0; lane < 16; ++lane) {
        int64_t output = chunk * 16 + lane;
        factors[lane] = output < job->rule->outputs
            ? factor_of(job->rule, job->scale[output], job->variance[output]) : 0;
    }
    const float *weight = job->weight + chunk * slices->chunk;
    float *folded = job->folded + chunk * slices->chunk;
    for (int64_t e = 0; e < slices->chunk; e += 16)
        for (int lane = 0; lane < 16; ++lane) folded[e + lane] = factors[lane] * weight[e + lane];
}

static void fold_body(void *context, int part, int parts) {
    const folding_job *job = context;
    const gcb_slices *slices = &job->rule->slices;
    int64_t first, last;
    if (slices->lanes == 16 && slices->run == 1) {
        gcb_share(slices->chunks, part, parts, &first, &last);
        for (int64_t chunk = first; chunk < last; ++chunk) fold_sixteen(job, chunk);
    } else {
        gcb_share(slices->chunks * slices->lanes, part, parts, &first, &last);
        for (int64_t item = first; item < last; ++item)
            fold_lane(job, item / slices->lanes, item % slices->lanes);
    }
}

void gcb_fold_normalization(
    const gcb_folding *rule, const float *weight, const float *scale, const float *shift,
    const float *mean, const float *variance, const float *bias, float *folded,
    float *folded_bias) {
    folding_job job = {rule, weight, scale, variance, folded};
    gcb_parallel(rule->threads, fold_body, &job);
    for (int64_t o = 0; o < rule->outputs; ++o)
        folded_bias[o] =
            ((bias ? bias[o] : 0) - mean[o]) * factor_of(rule, scale[o], variance[o]) + shift[o];
}

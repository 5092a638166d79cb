#include "gcb_weights.h"
#include "gcb_pool.h"
#include "isa/table.h"

#include <math.h>

typedef struct {
    const gcb_filters *filters;
    const float *gradient, *w;
    float *result;
    const gcb_activation_kernels *kernels;
} filter_job;

static gcb_slab slab_of(const gcb_filters *filters) {
    int64_t rest = filters->fan_in % GCB_LANES;
    return (gcb_slab){filters->fan_in / GCB_LANES, rest != 0, GCB_LANES, (int)rest};
}

static double folded(const double *lanes) {
    double sum = 0;
    for (int l = 0; l < GCB_LANES; ++l) sum += lanes[l];
    return sum;
}

static void fill(float *lanes, double value) {
    for (int l = 0; l < GCB_LANES; ++l) lanes[l] = (float)value;
}

typedef struct {
    double mean, deviation;
} filter_moments;

/// In two passes, the second one around the mean of the first.
static filter_moments moments_of(const filter_job *job, const float *w) {
    gcb_slab slab = slab_of(job->filters);
    double sum[GCB_LANES] = {0}, square[GCB_LANES] = {0}, count = (double)job->filters->fan_in;
    float pivot[GCB_LANES] = {0};
    job->kernels->sums(&slab, w, pivot, sum, square);
    fill(pivot, folded(sum) / count);
    for (int l = 0; l < GCB_LANES; ++l) sum[l] = square[l] = 0;
    job->kernels->sums(&slab, w, pivot, sum, square);
    double rest = folded(sum), squares = folded(square) - rest * rest / count;
    return (filter_moments){
        (double)pivot[0] + rest / count, sqrt((squares < 0 ? 0 : squares) / (count - 1))};
}

static void standardize_body(void *context, int part, int parts) {
    const filter_job *job = context;
    gcb_slab slab = slab_of(job->filters);
    int64_t first, last;
    gcb_share(job->filters->outputs, part, parts, &first, &last);
    for (int64_t o = first; o < last; ++o) {
        const float *w = job->w + o * job->filters->fan_in;
        filter_moments moments = moments_of(job, w);
        gcb_lane_constants constants = {0};
        fill(constants.mean, moments.mean);
        fill(constants.scale, 1 / (moments.deviation + job->filters->epsilon));
        job->kernels->apply(
            &slab, w, NULL, job->result + o * job->filters->fan_in, &constants, false);
    }
}

void gcb_standardize(const gcb_filters *filters, const float *w, float *standardized) {
    filter_job job = {filters, NULL, w, standardized, gcb_kernels_of(gcb_format_float32)};
    gcb_parallel(filters->threads, standardize_body, &job);
}

static void gradient_body(void *context, int part, int parts) {
    const filter_job *job = context;
    const gcb_filters *filters = job->filters;
    gcb_slab slab = slab_of(filters);
    int64_t first, last;
    gcb_share(filters->outputs, part, parts, &first, &last);
    for (int64_t o = first; o < last; ++o) {
        const float *g = job->gradient + o * filters->fan_in, *w = job->w + o * filters->fan_in;
        filter_moments moments = moments_of(job, w);
        double sum[GCB_LANES] = {0}, product[GCB_LANES] = {0};
        double count = (double)filters->fan_in, d = moments.deviation + filters->epsilon;
        gcb_lane_constants constants = {0};
        fill(constants.mean, moments.mean);
        job->kernels->gradient_sums(
            &slab, g, w, NULL, NULL, &constants, gcb_mask_none, sum, product);
        double divisor = (count - 1) * moments.deviation * d * d;
        fill(constants.scale, 1 / d);
        fill(constants.offset, -folded(sum) / (count * d));
        fill(constants.slope, moments.deviation == 0 ? 0 : -folded(product) / divisor);
        job->kernels->gradient_apply(
            &slab, g, w, job->result + o * filters->fan_in, &constants, gcb_mask_none);
    }
}

void gcb_standardize_gradient(
    const gcb_filters *filters, const float *gradient, const float *w, float *dw) {
    filter_job job = {filters, gradient, w, dw, gcb_kernels_of(gcb_format_float32)};
    gcb_parallel(filters->threads, gradient_body, &job);
}

#include "gcb_elementwise.h"
#include "gcb_pool.h"
#include "layout.h"

#include <stddef.h>
#include <string.h>

// Below this many elements a second thread costs more than it saves.
#define GCB_SERIAL_COUNT 16384

typedef struct {
    const gcb_kernels *kernels;
    int64_t count;
    const float *a, *b;
    float *y;
    float alpha, beta;
} stretch_job;

static void in_stretches(stretch_job *job, int threads, gcb_body body) {
    job->kernels = gcb_kernels_selected();
    gcb_parallel(job->count < GCB_SERIAL_COUNT ? 1 : threads, body, job);
}

/// Cuts at multiples of 16 elements, so that no two threads write one cache line.
static void stretch(const stretch_job *job, int part, int parts, int64_t *first, int64_t *count) {
    int64_t last;
    gcb_share((job->count + 15) / 16, part, parts, first, &last);
    *first *= 16;
    last = last * 16 < job->count ? last * 16 : job->count;
    *count = last - *first;
}

static void relu_body(void *context, int part, int parts) {
    const stretch_job *job = context;
    int64_t i, count;
    stretch(job, part, parts, &i, &count);
    job->kernels->relu(job->a + i, job->y + i, count);
}

void gcb_relu(const float *x, float *y, int64_t count, int threads) {
    stretch_job job = {.count = count, .a = x, .y = y};
    in_stretches(&job, threads, relu_body);
}

static void relu_gradient_body(void *context, int part, int parts) {
    const stretch_job *job = context;
    int64_t i, count;
    stretch(job, part, parts, &i, &count);
    job->kernels->relu_gradient(job->a + i, job->b + i, job->y + i, count);
}

void gcb_relu_gradient(const float *dy, const float *y, float *dx, int64_t count, int threads) {
    stretch_job job = {.count = count, .a = dy, .b = y, .y = dx};
    in_stretches(&job, threads, relu_gradient_body);
}

static void add_body(void *context, int part, int parts) {
    const stretch_job *job = context;
    int64_t i, count;
    stretch(job, part, parts, &i, &count);
    job->kernels->add(job->alpha, job->a + i, job->beta, job->b + i, job->y + i, count);
}

void gcb_add(
    float alpha, const float *a, float beta, const float *b, float *y, int64_t count,
    int threads) {
    stretch_job job = {.count = count, .a = a, .b = b, .y = y, .alpha = alpha, .beta = beta};
    in_stretches(&job, threads, add_body);
}

static void fill_body(void *context, int part, int parts) {
    const stretch_job *job = context;
    int64_t i, count;
    stretch(job, part, parts, &i, &count);
    for (int64_t e = i; e < i + count; ++e) job->y[e] = job->alpha;
}

void gcb_fill(float value, float *y, int64_t count, int threads) {
    stretch_job job = {.count = count, .y = y, .alpha = value};
    in_stretches(&job, threads, fill_body);
}

typedef struct {
    const char *from;
    char *to;
    int64_t bytes;
} copy_job;

static void copy_body(void *context, int part, int parts) {
    const copy_job *job = context;
    int64_t first, last;
    gcb_share(job->bytes, part, parts, &first, &last);
    memcpy(job->to + first, job->from + first, (size_t)(last - first));
}

void gcb_copy(const void *x, void *y, int64_t bytes, int threads) {
    copy_job job = {x, y, bytes};
    gcb_parallel(bytes < 4 * GCB_SERIAL_COUNT ? 1 : threads, copy_body, &job);
}

typedef struct {
    const gcb_kernels *kernels;
    const gcb_activation *shape;
    const float *x, *bias;
    float *y;
} channel_job;

static void add_bias_body(void *context, int part, int parts) {
    const channel_job *job = context;
    int64_t blocks = gcb_blocks(job->shape), first, last;
    gcb_share(job->shape->images * blocks, part, parts, &first, &last);
    for (int64_t item = first; item < last; ++item) {
        gcb_slab slab = gcb_slab_of(job->shape, item % blocks);
        gcb_lane_constants constants = {0};
        for (int l = 0; l < GCB_LANES; ++l) constants.scale[l] = 1;
        gcb_lanes_from_channels(job->shape, item % blocks, job->bias, constants.shift);
        int64_t at = gcb_slab_offset(job->shape, item / blocks, item % blocks);
        job->kernels->apply(&slab, job->x + at, NULL, job->y + at, &constants, false);
    }
}

void gcb_add_bias(
    const gcb_activation *shape, const float *x, const float *bias, float *y, int threads) {
    channel_job job = {gcb_kernels_selected(), shape, x, bias, y};
    gcb_parallel(threads, add_bias_body, &job);
}

static void bias_gradient_body(void *context, int part, int parts) {
    const channel_job *job = context;
    const float zero[GCB_LANES] = {0};
    int64_t period = gcb_period(job->shape), first, last;
    gcb_share(gcb_blocks(job->shape), part, parts, &first, &last);
    for (int64_t block = first; block < last; ++block) {
        gcb_slab slab = gcb_slab_of(job->shape, block);
        double sum[GCB_LANES] = {0}, square[GCB_LANES] = {0};
        for (int64_t image = 0; image < job->shape->images; ++image)
            job->kernels->sums(
                &slab, job->x + gcb_slab_offset(job->shape, image, block), zero, sum, square);
        gcb_fold_lanes(job->shape, sum);
        for (int64_t l = 0; l < period && block * period + l < job->shape->channels; ++l)
            job->y[block * period + l] = (float)sum[l];
    }
}

void gcb_bias_gradient(const gcb_activation *shape, const float *dy, float *db, int threads) {
    channel_job job = {gcb_kernels_selected(), shape, dy, NULL, db};
    gcb_parallel(threads, bias_gradient_body, &job);
}

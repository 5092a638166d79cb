#include "gcb_elementwise.h"
#include "gcb_pool.h"
#include "layout.h"

#include <stddef.h>
#include <string.h>

// Below this many elements a second thread costs more than it saves.
#define GCB_SERIAL_COUNT 16384

typedef struct {
    gcb_format format;
    int64_t count;
    const void *a, *b;
    void *y;
    float alpha, beta;
    const gcb_activation_kernels *kernels;
} stretch_job;

static void in_stretches(stretch_job *job, int threads, gcb_body body) {
    job->kernels = gcb_kernels_of(job->format);
    gcb_parallel(job->count < GCB_SERIAL_COUNT ? 1 : threads, body, job);
}

/// A thread's share of a stretch.
typedef struct {
    const void *a, *b;
    void *y;
    int64_t count;
} share;

/// Cuts at multiples of 32 elements, so that no two threads write one cache line.
static share share_of(const stretch_job *job, int part, int parts) {
    int64_t first, last;
    gcb_share((job->count + 31) / 32, part, parts, &first, &last);
    first *= 32;
    last = last * 32 < job->count ? last * 32 : job->count;
    return (share){
        gcb_at(job->format, job->a, first), gcb_at(job->format, job->b, first),
        gcb_at(job->format, job->y, first), last - first};
}

static void relu_body(void *context, int part, int parts) {
    const stretch_job *job = context;
    share s = share_of(job, part, parts);
    job->kernels->relu(s.a, s.y, s.count);
}

void gcb_relu(gcb_format format, const void *x, void *y, int64_t count, int threads) {
    stretch_job job = {.format = format, .count = count, .a = x, .y = y};
    in_stretches(&job, threads, relu_body);
}

static void relu_gradient_body(void *context, int part, int parts) {
    const stretch_job *job = context;
    share s = share_of(job, part, parts);
    job->kernels->relu_gradient(s.a, s.b, s.y, s.count);
}

void gcb_relu_gradient(
    gcb_format format, const void *dy, const void *y, void *dx, int64_t count, int threads) {
    stretch_job job = {.format = format, .count = count, .a = dy, .b = y, .y = dx};
    in_stretches(&job, threads, relu_gradient_body);
}

static void add_body(void *context, int part, int parts) {
    const stretch_job *job = context;
    share s = share_of(job, part, parts);
    job->kernels->add(job->alpha, s.a, job->beta, s.b, s.y, s.count);
}

void gcb_add(
    gcb_format format, float alpha, const void *a, float beta, const void *b, void *y,
    int64_t count, int threads) {
    stretch_job job = {
        .format = format, .count = count, .a = a, .b = b, .y = y, .alpha = alpha, .beta = beta};
    in_stretches(&job, threads, add_body);
}

static void fill_body(void *context, int part, int parts) {
    const stretch_job *job = context;
    share s = share_of(job, part, parts);
    if (job->format == gcb_format_float32)
        for (int64_t e = 0; e < s.count; ++e) ((float *)s.y)[e] = job->alpha;
    else
        for (int64_t e = 0; e < s.count; ++e)
            ((gcb_bfloat16 *)s.y)[e] = gcb_bfloat16_of(job->alpha);
}

void gcb_fill(gcb_format format, float value, void *y, int64_t count, int threads) {
    stretch_job job = {.format = format, .count = count, .y = y, .alpha = value};
    in_stretches(&job, threads, fill_body);
}

typedef struct {
    const float *x;
    gcb_bfloat16 *y;
    int64_t count;
} narrow_job;

static void narrow_body(void *context, int part, int parts) {
    const narrow_job *job = context;
    int64_t first, last;
    gcb_share((job->count + 31) / 32, part, parts, &first, &last);
    first *= 32;
    last = 32 * last < job->count ? 32 * last : job->count;
    gcb_kernels_selected()->narrow(job->x + first, job->y + first, last - first);
}

void gcb_narrow(const float *x, gcb_bfloat16 *y, int64_t count, int threads) {
    narrow_job job = {x, y, count};
    gcb_parallel(count < GCB_SERIAL_COUNT ? 1 : threads, narrow_body, &job);
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
    const gcb_activation_kernels *kernels;
    const gcb_activation *shape;
    const void *x;
    const float *bias;
    void *y;
} channel_job;

/// Element `at` of x and of y.
static const void *x_at(const channel_job *job, int64_t at) {
    return gcb_at(job->shape->format, job->x, at);
}
static void *y_at(const channel_job *job, int64_t at) {
    return gcb_at(job->shape->format, job->y, at);
}

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
        job->kernels->apply(&slab, x_at(job, at), NULL, y_at(job, at), &constants, false);
    }
}

void gcb_add_bias(
    const gcb_activation *shape, const void *x, const float *bias, void *y, int threads) {
    channel_job job = {gcb_kernels_of(shape->format), shape, x, bias, y};
    gcb_parallel(threads, add_bias_body, &job);
}

static void bias_gradient_body(void *context, int part, int parts) {
    const channel_job *job = context;
    const float zero[GCB_LANES] = {0};
    float *gradient = job->y;
    int64_t period = gcb_period(job->shape), first, last;
    gcb_share(gcb_blocks(job->shape), part, parts, &first, &last);
    for (int64_t block = first; block < last; ++block) {
        gcb_slab slab = gcb_slab_of(job->shape, block);
        double sum[GCB_LANES] = {0}, square[GCB_LANES] = {0};
        for (int64_t image = 0; image < job->shape->images; ++image)
            job->kernels->sums(
                &slab, x_at(job, gcb_slab_offset(job->shape, image, block)), zero, sum, square);
        gcb_fold_lanes(job->shape, sum);
        for (int64_t l = 0; l < period && block * period + l < job->shape->channels; ++l)
            gradient[block * period + l] = (float)sum[l];
    }
}

void gcb_bias_gradient(const gcb_activation *shape, const void *dy, float *db, int threads) {
    channel_job job = {gcb_kernels_of(shape->format), shape, dy, NULL, db};
    gcb_parallel(threads, bias_gradient_body, &job);
}

#include "gcb_pool.h"
#include "gcb_pooling.h"
#include "layout.h"

#include <stddef.h>

// Ladder, 3×3 stride 2 on [16, 64, 112, 112], float32 / bfloat16 in ms, two cores of an AMD EPYC
// (family 26):
//
//   any window, every pixel may be the first   5.4 / 5.1
//   whole windows of 3×3 by loops of known
//   length, which start from their first pixel 2.2 / 1.9

typedef struct {
    const gcb_activation_kernels *kernels;
    const gcb_pool_window *window;
    const void *from;
    const uint8_t *read_positions;
    void *to;
    uint8_t *write_positions;
    gcb_plane plane;
    int64_t planes;
} window_job;

typedef enum { max_forward, max_backward, average_forward, average_backward } direction;

/// A channels-last tensor has one plane per image, a blocked one a plane per block of channels.
static window_job job_of(const gcb_pool_window *window) {
    const gcb_activation *data = &window->data;
    int64_t lanes = data->block == 0 ? data->channels : data->block;
    return (window_job){
        .kernels = gcb_kernels_of(data->format),
        .window = window,
        .plane = {lanes, lanes, window->height, window->width, window->pooled_height,
                  window->pooled_width, window->kernel, window->stride, window->padding},
        .planes = data->images * (data->block == 0 ? 1 : gcb_blocks(data)),
    };
}

static inline __attribute__((always_inline)) void rows(
    const window_job *job, int part, int parts, direction kind) {
    const gcb_plane *plane = &job->plane;
    bool is_forward = kind == max_forward || kind == average_forward;
    int64_t count = is_forward ? plane->pooled_height : plane->height, first, last;
    int64_t large = plane->height * plane->width * plane->pixel;
    int64_t small = plane->pooled_height * plane->pooled_width * plane->pixel;
    gcb_share(job->planes * count, part, parts, &first, &last);
    for (int64_t item = first; item < last; ++item) {
        int64_t number = item / count, row = item % count;
        int64_t from = number * (is_forward ? large : small);
        int64_t to = number * (is_forward ? small : large);
        gcb_format format = job->window->data.format;
        const void *source = gcb_at(format, job->from, from);
        void *target = gcb_at(format, job->to, to);
        switch (kind) {
        case max_forward:
            job->kernels->max_pool_row(plane, row, source, target, job->write_positions + to);
            break;
        case max_backward:
            job->kernels->max_pool_gradient_row(
                plane, row, source, job->read_positions + from, target);
            break;
        case average_forward:
            job->kernels->average_pool_row(plane, row, source, target);
            break;
        case average_backward:
            job->kernels->average_pool_gradient_row(plane, row, source, target);
            break;
        }
    }
}

static void max_forward_body(void *job, int part, int parts) {
    rows(job, part, parts, max_forward);
}
static void max_backward_body(void *job, int part, int parts) {
    rows(job, part, parts, max_backward);
}
static void average_forward_body(void *job, int part, int parts) {
    rows(job, part, parts, average_forward);
}
static void average_backward_body(void *job, int part, int parts) {
    rows(job, part, parts, average_backward);
}

void gcb_max_pool(const gcb_pool_window *window, const void *x, void *y, uint8_t *positions) {
    window_job job = job_of(window);
    job.from = x, job.to = y, job.write_positions = positions;
    gcb_parallel(window->threads, max_forward_body, &job);
}

void gcb_max_pool_gradient(
    const gcb_pool_window *window, const void *dy, const uint8_t *positions, void *dx) {
    window_job job = job_of(window);
    job.from = dy, job.to = dx, job.read_positions = positions;
    gcb_parallel(window->threads, max_backward_body, &job);
}

void gcb_average_pool(const gcb_pool_window *window, const void *x, void *y) {
    window_job job = job_of(window);
    job.from = x, job.to = y;
    gcb_parallel(window->threads, average_forward_body, &job);
}

void gcb_average_pool_gradient(const gcb_pool_window *window, const void *dy, void *dx) {
    window_job job = job_of(window);
    job.from = dy, job.to = dx;
    gcb_parallel(window->threads, average_backward_body, &job);
}

typedef struct {
    const gcb_activation_kernels *kernels;
    const gcb_activation *shape;
    /// The activation, stored in its format.
    void *planes;
    /// `[N, C]`.
    float *means;
} plane_job;

static void *slab_at(const plane_job *job, int64_t image, int64_t block) {
    return gcb_at(job->shape->format, job->planes, gcb_slab_offset(job->shape, image, block));
}

static void global_average_body(void *context, int part, int parts) {
    const plane_job *job = context;
    const gcb_activation *shape = job->shape;
    const float zero[GCB_LANES] = {0};
    int64_t blocks = gcb_blocks(shape), period = gcb_period(shape), first, last;
    gcb_share(shape->images * blocks, part, parts, &first, &last);
    for (int64_t item = first; item < last; ++item) {
        int64_t image = item / blocks, block = item % blocks;
        gcb_slab slab = gcb_slab_of(shape, block);
        double sum[GCB_LANES] = {0}, square[GCB_LANES] = {0};
        job->kernels->sums(&slab, slab_at(job, image, block), zero, sum, square);
        gcb_fold_lanes(shape, sum);
        for (int64_t l = 0; l < period && block * period + l < shape->channels; ++l)
            job->means[image * shape->channels + block * period + l]
                = (float)(sum[l] / (double)shape->space);
    }
}

void gcb_global_average(const gcb_activation *shape, const void *x, float *y, int threads) {
    plane_job job = {gcb_kernels_of(shape->format), shape, (void *)x, y};
    gcb_parallel(threads, global_average_body, &job);
}

static void global_average_gradient_body(void *context, int part, int parts) {
    const plane_job *job = context;
    const gcb_activation *shape = job->shape;
    int64_t blocks = gcb_blocks(shape), first, last;
    gcb_share(shape->images * blocks, part, parts, &first, &last);
    for (int64_t item = first; item < last; ++item) {
        int64_t image = item / blocks, block = item % blocks;
        gcb_slab slab = gcb_slab_of(shape, block);
        float value[GCB_LANES];
        gcb_lanes_from_channels(shape, block, job->means + image * shape->channels, value);
        for (int l = 0; l < GCB_LANES; ++l) value[l] /= (float)shape->space;
        job->kernels->fill(&slab, slab_at(job, image, block), value);
    }
}

void gcb_global_average_gradient(
    const gcb_activation *shape, const float *dy, void *dx, int threads) {
    plane_job job = {gcb_kernels_of(shape->format), shape, dx, (float *)dy};
    gcb_parallel(threads, global_average_gradient_body, &job);
}

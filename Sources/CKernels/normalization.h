// What batch and group normalization share: a job, the constants of a block, the passes over it.
#pragma once

#include "gcb_normalization.h"
#include "gcb_pool.h"
#include "layout.h"

#include <math.h>
#include <string.h>

typedef struct {
    const gcb_activation_kernels *kernels;
    const gcb_normalization *rule;
    const void *dy, *x, *y_read, *residual;
    void *y, *dx, *dresidual;
    const float *scale, *shift;
    float *mean, *variance, *dscale, *dshift;
    double *workspace;
    int64_t chunks;
} norm_job;

/// The two kinds.
int64_t batch_chunks(const gcb_normalization *rule);
void batch_forward(norm_job *job);
void batch_backward(norm_job *job);
int group_parts(const gcb_normalization *rule);
void group_forward(norm_job *job);
void group_backward(norm_job *job);

/// Where element `at` of an activation lies.
static inline void *element(const norm_job *job, const void *activation, int64_t at) {
    return gcb_at(job->rule->shape.format, activation, at);
}

static inline int64_t statistic_of(const gcb_normalization *rule, int64_t image, int64_t channel) {
    if (rule->groups == 0) return channel;
    return image * rule->groups + channel / (rule->shape.channels / rule->groups);
}

static inline double reciprocal_deviation(const gcb_normalization *rule, float variance) {
    return 1 / sqrt((double)variance + rule->epsilon);
}

/// Scale, shift and mean of each lane. From the rounded statistics in both directions, so that
/// the backward pass recomputes the very numbers whose sign the forward pass took.
static inline void set_affine(
    const norm_job *job, int64_t image, int64_t block, gcb_lane_constants *constants) {
    int64_t period = gcb_period(&job->rule->shape), previous = -1;
    double reciprocal = 0;
    memset(constants, 0, sizeof *constants);
    for (int64_t l = 0; l < GCB_LANES; ++l) {
        int64_t channel = block * period + l % period;
        if (channel >= job->rule->shape.channels) continue;
        int64_t statistic = statistic_of(job->rule, image, channel);
        // Neighbours often share a group.
        if (statistic != previous)
            reciprocal = reciprocal_deviation(job->rule, job->variance[statistic]);
        previous = statistic;
        constants->mean[l] = job->mean[statistic];
        constants->scale[l] = (float)((double)job->scale[channel] * reciprocal);
        constants->shift[l] = job->shift[channel];
    }
}

static inline gcb_mask mask_of(const gcb_normalization *rule) {
    if (!rule->rectifies) return gcb_mask_none;
    return rule->adds_residual ? gcb_mask_stored : gcb_mask_recomputed;
}

static inline void apply(
    const norm_job *job, int64_t image, int64_t block, const gcb_lane_constants *constants) {
    gcb_slab slab = gcb_slab_of(&job->rule->shape, block);
    int64_t at = gcb_slab_offset(&job->rule->shape, image, block);
    const void *residual = job->rule->adds_residual ? element(job, job->residual, at) : NULL;
    job->kernels->apply(
        &slab, element(job, job->x, at), residual, element(job, job->y, at), constants,
        job->rule->rectifies);
}

/// sum += Σ d and product += Σ d·(x − μ), per lane; leaves d in `dresidual` if there is one.
static inline void gradient_sums(
    const norm_job *job, int64_t image, int64_t block, const gcb_lane_constants *constants,
    double *sum, double *product) {
    gcb_slab slab = gcb_slab_of(&job->rule->shape, block);
    int64_t at = gcb_slab_offset(&job->rule->shape, image, block);
    bool adds = job->rule->adds_residual;
    job->kernels->gradient_sums(
        &slab, element(job, job->dy, at), element(job, job->x, at),
        adds ? element(job, job->y_read, at) : NULL, adds ? element(job, job->dresidual, at) : NULL,
        constants, mask_of(job->rule), sum, product);
}

static inline void gradient_apply(
    const norm_job *job, int64_t image, int64_t block, const gcb_lane_constants *constants) {
    gcb_slab slab = gcb_slab_of(&job->rule->shape, block);
    int64_t at = gcb_slab_offset(&job->rule->shape, image, block);
    bool adds = job->rule->adds_residual;
    job->kernels->gradient_apply(
        &slab, element(job, adds ? job->dresidual : job->dy, at), element(job, job->x, at),
        element(job, job->dx, at), constants, adds ? gcb_mask_none : mask_of(job->rule));
}

/// The channel's own numbers near which its sums are taken.
static inline void set_pivot(const norm_job *job, int64_t image, int64_t block, float *pivot) {
    const gcb_activation *shape = &job->rule->shape;
    const void *x = element(job, job->x, gcb_slab_offset(shape, image, block));
    int64_t period = gcb_period(shape);
    for (int64_t l = 0; l < GCB_LANES; ++l)
        pivot[l] = block * period + l % period < shape->channels
            ? gcb_number(shape->format, x, l % period) : 0;
}

#include "normalization.h"

size_t gcb_normalization_workspace(const gcb_normalization *rule) {
    int64_t blocks = gcb_blocks(&rule->shape);
    int64_t count = rule->groups == 0
        ? batch_chunks(rule) * blocks * 2 * GCB_LANES
        : group_parts(rule) * 4 * blocks * gcb_period(&rule->shape);
    return (size_t)count * sizeof(double);
}

void gcb_normalization_forward(
    const gcb_normalization *rule, const void *x, const float *scale, const float *shift,
    const void *residual, void *y, float *mean, float *variance, void *workspace) {
    norm_job job = {
        .kernels = gcb_kernels_of(rule->shape.format), .rule = rule, .x = x, .scale = scale,
        .shift = shift, .residual = residual, .y = y, .mean = mean, .variance = variance,
        .workspace = workspace, .chunks = batch_chunks(rule),
    };
    if (rule->groups == 0) batch_forward(&job);
    else group_forward(&job);
}

static void inference_body(void *context, int part, int parts) {
    const norm_job *job = context;
    int64_t blocks = gcb_blocks(&job->rule->shape), first, last;
    gcb_share(job->rule->shape.images * blocks, part, parts, &first, &last);
    for (int64_t item = first; item < last; ++item) {
        gcb_lane_constants constants;
        set_affine(job, 0, item % blocks, &constants);
        apply(job, item / blocks, item % blocks, &constants);
    }
}

void gcb_normalization_inference(
    const gcb_normalization *rule, const void *x, const float *scale, const float *shift,
    const float *mean, const float *variance, const void *residual, void *y) {
    gcb_normalization per_channel = *rule;
    per_channel.groups = 0;
    norm_job job = {
        .kernels = gcb_kernels_of(rule->shape.format), .rule = &per_channel, .x = x, .scale = scale,
        .shift = shift, .residual = residual, .y = y, .mean = (float *)mean,
        .variance = (float *)variance,
    };
    gcb_parallel(group_parts(rule), inference_body, &job);
}

void gcb_normalization_backward(
    const gcb_normalization *rule, const void *dy, const void *x, const float *scale,
    const float *shift, const float *mean, const float *variance, const void *y, void *dx,
    float *dscale, float *dshift, void *dresidual, void *workspace) {
    norm_job job = {
        .kernels = gcb_kernels_of(rule->shape.format), .rule = rule, .dy = dy, .x = x,
        .scale = scale, .shift = shift, .y_read = y, .mean = (float *)mean, .variance = (float *)variance,
        .dx = dx, .dscale = dscale, .dshift = dshift, .dresidual = dresidual,
        .workspace = workspace, .chunks = batch_chunks(rule),
    };
    if (rule->groups == 0) batch_backward(&job);
    else group_backward(&job);
}

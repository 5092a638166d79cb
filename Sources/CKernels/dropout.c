#include "gcb_dropout.h"
#include "gcb_pool.h"
#include "layout.h"

typedef struct {
    const gcb_activation *shape;
    const gcb_mask_rule *rule;
    const void *x;
    void *y;
} dropout_job;

static void dropout_body(void *context, int part, int parts) {
    const dropout_job *job = context;
    const gcb_activation *shape = job->shape;
    const gcb_activation_kernels *kernels = gcb_kernels_of(shape->format);
    int64_t blocks = gcb_blocks(shape), period = gcb_period(shape), first, last;
    // How many pixels one vector of lanes holds.
    uint32_t step = (uint32_t)(GCB_LANES / period);
    gcb_share(shape->images * blocks, part, parts, &first, &last);
    for (int64_t item = first; item < last; ++item) {
        int64_t image = item / blocks, block = item % blocks;
        gcb_slab slab = gcb_slab_of(shape, block);
        uint32_t numbers[GCB_LANES];
        for (int64_t l = 0; l < GCB_LANES; ++l) {
            int64_t channel = image * shape->channels + block * period + l % period;
            numbers[l] = (uint32_t)(channel * shape->space + l / period);
        }
        int64_t at = gcb_slab_offset(shape, image, block);
        kernels->dropout(
            &slab, gcb_at(shape->format, job->x, at), gcb_at(shape->format, job->y, at), numbers,
            step, job->rule);
    }
}

void gcb_dropout(
    const gcb_activation *shape, const gcb_mask_rule *rule, const void *x, void *y,
    int threads) {
    dropout_job job = {shape, rule, x, y};
    gcb_parallel(threads, dropout_body, &job);
}

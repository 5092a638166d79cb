#include "gcb_pointwise.h"
#include "gcb_pool.h"
#include "isa/table.h"

#include <string.h>

// Ladder, ResNet-50's twelve shapes at batch 16, two Skylake cores, milliseconds of each and of all
// of them in one backward pass, measured in turn in a slow minute:
//
//                                      64→256, 56×56   256→64, 56×56   256→1024, 14×14   all
//   oneDNN 2.6.3 jit_1x1                    21.2            22.7             14.9        603
//   chunks of 392 pixels                    22.1            22.9             15.9        628
//   chunks of 64 pixels (first cache)       15.3            15.7             12.4        499

/// Pixels at a time: three blocks of outputs and one of inputs stay in the first cache.
#define GCB_CHUNK 64

typedef struct {
    const gcb_kernels *kernels;
    const gcb_pointwise *shape;
    const float *dy, *x;
    float *dw;
} pointwise_job;

/// Output blocks [first, last) and input blocks [low, high) of one chunk of one image.
static void add_chunk(
    const pointwise_job *job, const float *dy, const float *x, int64_t count, int64_t first,
    int64_t last, int64_t low, int64_t high) {
    int64_t plane = 16 * job->shape->pixels, row = 16 * job->shape->inputs;
    for (int64_t o = first; o < last;) {
        // Three blocks at a time, and two twice rather than three and one.
        int blocks = last - o >= 3 && last - o != 4 ? 3 : last - o >= 2 ? 2 : 1;
        for (int64_t i = low; i < high; ++i)
            for (int half = 0; half < 2; ++half)
                job->kernels->pointwise(
                    blocks, dy + o * plane, plane, x + i * plane + 8 * half, count,
                    job->dw + o * row + 256 * i + 128 * half, row);
        o += blocks;
    }
}

/// Threads share the longer side, so that nothing has to be added up between them.
static void pointwise_body(void *context, int part, int parts) {
    const pointwise_job *job = context;
    const gcb_pointwise *shape = job->shape;
    int64_t outputs = shape->outputs / 16, inputs = shape->inputs / 16;
    int64_t first = 0, last = outputs, low = 0, high = inputs;
    if (outputs >= inputs) gcb_share(outputs, part, parts, &first, &last);
    else gcb_share(inputs, part, parts, &low, &high);
    for (int64_t o = first; o < last; ++o)
        memset(job->dw + 256 * (o * inputs + low), 0, (size_t)(high - low) * 1024);
    for (int64_t n = 0; n < shape->images; ++n)
        for (int64_t p = 0; p < shape->pixels; p += GCB_CHUNK) {
            int64_t count = shape->pixels - p < GCB_CHUNK ? shape->pixels - p : GCB_CHUNK;
            const float *dy = job->dy + 16 * (n * outputs * shape->pixels + p);
            const float *x = job->x + 16 * (n * inputs * shape->pixels + p);
            add_chunk(job, dy, x, count, first, last, low, high);
        }
}

void gcb_pointwise_weight_gradient(
    const gcb_pointwise *shape, const float *dy, const float *x, float *dw) {
    pointwise_job job = {gcb_kernels_selected(), shape, dy, x, dw};
    gcb_parallel(shape->threads, pointwise_body, &job);
}

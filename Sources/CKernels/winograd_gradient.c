#include "winograd.h"

// The ladder stands in winograd.c.
//
// The tiles of x and dy are transformed some thousands at a time, in panels that a product reads
// from start to end; then the threads share the products, each of which adds to its own sums; in
// the end the sums become weights.

/// Memory for the transformed tiles of both sides.
#define GCB_TILES_BYTES (8 << 20)

/// Pairs of tiles that a product goes through: a block of x stays in the first cache, a panel of
/// dy in the second.
#define GCB_PAIRS 128

typedef struct {
    const gcb_kernels *kernels;
    const gcb_winograd *shape;
    const gcb_bfloat16 *dy, *x;
    float *dw;
    /// Pairs of tiles at a time; those of this turn, and the first of them.
    int64_t room, count, start;
    /// `[16][block][room][16]` and `[16][panel][room][vectors][16]`.
    gcb_pair *sources, *results;
    /// `[16]` times the layout of the weights' blocks.
    float *sums;
} gradient_job;

static int64_t tile_pairs(const gcb_winograd *shape) { return (winograd_tiles(shape) + 1) / 2; }

static int64_t room(const gcb_winograd *shape) {
    int64_t most = GCB_TILES_BYTES / (16 * 4 * (shape->inputs + shape->outputs));
    most = most < GCB_PAIRS ? GCB_PAIRS : most / GCB_PAIRS * GCB_PAIRS;
    int64_t pairs = tile_pairs(shape);
    return pairs < most ? pairs : most;
}

static int64_t source_plane(const gradient_job *job) {
    return job->room * job->shape->inputs + GCB_PLANE_GAP;
}

static int64_t result_plane(const gradient_job *job) {
    return job->room * job->shape->outputs + GCB_PLANE_GAP;
}

static int64_t sums_plane(const gcb_winograd *shape) {
    return shape->inputs * shape->outputs + GCB_PLANE_GAP;
}

static void transform_pair(const gradient_job *job, int64_t pair, winograd_place place) {
    const gcb_winograd *shape = job->shape;
    int64_t inputs = shape->inputs / 16, outputs = shape->outputs / 16;
    winograd_place next = place;
    winograd_advance(shape, &next);
    gcb_patch low, high;
    winograd_source_patch(shape, job->x, shape->inputs, place, &low);
    winograd_source_patch(shape, job->x, shape->inputs, next, &high);
    for (int64_t block = 0; block < inputs; ++block)
        job->kernels->winograd_source_pair(
            &low, &high, block, job->sources + (block * job->room + pair) * 16,
            source_plane(job));
    winograd_result_patch(shape, job->dy, shape->outputs, place, &low);
    winograd_result_patch(shape, job->dy, shape->outputs, next, &high);
    for (int64_t block = 0; block < outputs; ++block) {
        int64_t first = block / GCB_PANEL * GCB_PANEL;
        int64_t vectors = winograd_panel(first, outputs);
        job->kernels->winograd_result_pair(
            &low, &high, block,
            job->results + (first * job->room + pair * vectors + block - first) * 16,
            result_plane(job));
    }
}

static void transform_body(void *context, int part, int parts) {
    const gradient_job *job = context;
    int64_t first, last;
    gcb_share(job->count, part, parts, &first, &last);
    winograd_place place = winograd_place_of(job->shape, 2 * (job->start + first));
    for (int64_t pair = first; pair < last; ++pair) {
        transform_pair(job, pair, place);
        winograd_advance(job->shape, &place);
        winograd_advance(job->shape, &place);
    }
}

/// The sums of one of the sixteen planes and one panel of outputs.
static void add_products(const gradient_job *job, int plane, int64_t panel) {
    int64_t inputs = job->shape->inputs / 16;
    int vectors = winograd_panel(panel, job->shape->outputs / 16);
    gcb_pair_product product = {.a_row = 1, .a_step = 16, .c_vector = inputs * 256};
    for (int64_t k = 0; k < job->count; k += GCB_PAIRS) {
        product.count = job->count - k < GCB_PAIRS ? job->count - k : GCB_PAIRS;
        product.adds = job->start + k > 0;
        product.b = job->results + plane * result_plane(job)
            + (panel * job->room + k * vectors) * 16;
        for (int64_t block = 0; block < inputs; ++block) {
            const gcb_pair *a
                = job->sources + plane * source_plane(job) + (block * job->room + k) * 16;
            float *c = job->sums + plane * sums_plane(job->shape)
                + (panel * inputs + block) * 256;
            for (int row = 0; row < 16; row += 6) {
                product.a = a + row;
                product.c = c + 16 * row;
                job->kernels->pair_product(row < 12 ? 6 : 4, vectors, true, &product);
            }
        }
    }
}

static void products_body(void *context, int part, int parts) {
    const gradient_job *job = context;
    int64_t panels = (job->shape->outputs / 16 + GCB_PANEL - 1) / GCB_PANEL, first, last;
    gcb_share(16 * panels, part, parts, &first, &last);
    for (int64_t item = first; item < last; ++item)
        add_products(job, (int)(item / panels), item % panels * GCB_PANEL);
}

static void weights_body(void *context, int part, int parts) {
    const gradient_job *job = context;
    int64_t first, last;
    gcb_share(job->shape->outputs * job->shape->inputs / 256, part, parts, &first, &last);
    for (int64_t block = first; block < last; ++block)
        for (int v = 0; v < 16; ++v)
            job->kernels->winograd_kernel_gradient(
                job->sums + block * 256 + 16 * v, sums_plane(job->shape),
                job->dw + block * 9 * 256 + 16 * v, 256);
}

static size_t side_bytes(const gcb_winograd *shape, int64_t channels) {
    return winograd_rounded(16 * 4 * (room(shape) * channels + GCB_PLANE_GAP));
}

size_t gcb_winograd_gradient_workspace(const gcb_winograd *shape) {
    return side_bytes(shape, shape->inputs) + side_bytes(shape, shape->outputs)
        + 16 * 4 * (size_t)sums_plane(shape);
}

void gcb_winograd_weight_gradient(
    const gcb_winograd *shape, const gcb_bfloat16 *dy, const gcb_bfloat16 *x, float *dw,
    void *workspace) {
    gradient_job job = {
        .kernels = gcb_kernels_selected(), .shape = shape, .dy = dy, .x = x, .dw = dw,
        .room = room(shape), .sources = workspace};
    job.results = (gcb_pair *)((char *)workspace + side_bytes(shape, shape->inputs));
    job.sums = (float *)((char *)job.results + side_bytes(shape, shape->outputs));
    int64_t pairs = tile_pairs(shape);
    for (; job.start < pairs; job.start += job.count) {
        job.count = pairs - job.start < job.room ? pairs - job.start : job.room;
        gcb_parallel(shape->threads, transform_body, &job);
        gcb_parallel(shape->threads, products_body, &job);
    }
    gcb_parallel(shape->threads, weights_body, &job);
}

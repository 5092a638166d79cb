#include "winograd.h"

// Ladder, ResNet-18's layers at batch 128, forward / by data / by weights in ms, two cores of an
// AMD EPYC (family 26, 1080 GFLOP/s in bfloat16), against oneDNN 2.6.3 in a whole step, the
// versions of ours alone:
//
//                                      64, 32×32          128, 16×16
//   oneDNN, direct                     9.4 / 9.8 / 12.2   8.8 / 10.4 / 10.7
//   panels, patches found by division  6.3 / 6.4 / 8.4    5.5 / 5.5 / 6.1
//   patches counted on, fetched ahead  6.0 / 5.9 / 6.6    5.1 / 5.1 / 5.4
//
//                                      256, 8×8           512, 4×4
//   oneDNN, direct                    10.0 / 11.2 / 11.1  7.2 / 10.1 / 22.3
//   panels, patches found by division  4.9 / 5.0 / 5.1    5.0 / 5.2 / 5.3
//   patches counted on, fetched ahead  4.7 / 4.8 / 4.9    4.9 / 5.0 / 5.1
//
// The products alone would take 4.0 ms at the peak.
//
// A part transforms some tiles, multiplies them with the transformed weights a panel of outputs at
// a time, and transforms the sums back while they are in cache.

static const gcb_bfloat16 zeros[16];

/// Memory for the transformed tiles of one part: a share of the second-level cache.
#define GCB_TILE_BYTES (384 << 10)

/// Pixels of a patch whose first one is at (top, left).
static inline __attribute__((always_inline)) void fill_patch(
    const gcb_winograd *shape, const gcb_bfloat16 *data, int64_t channels, int64_t image,
    int64_t top, int64_t left, int extent, gcb_patch *patch) {
    int64_t plane = shape->height * shape->width * 16, row = shape->width * 16;
    const gcb_bfloat16 *first = data + image * channels / 16 * plane + top * row + left * 16;
    bool is_whole = image < shape->images && top >= 0 && left >= 0
        && top + extent <= shape->height && left + extent <= shape->width;
    patch->ahead = 2 * row;
    for (int r = 0; r < extent; ++r)
        for (int c = 0; c < extent; ++c) {
            bool is_inside = is_whole
                || (image < shape->images && top + r >= 0 && top + r < shape->height
                    && left + c >= 0 && left + c < shape->width);
            patch->at[extent * r + c] = is_inside ? first + r * row + 16 * c : zeros;
            patch->step[extent * r + c] = is_inside ? plane : 0;
        }
}

void winograd_source_patch(
    const gcb_winograd *shape, const gcb_bfloat16 *data, int64_t channels, winograd_place place,
    gcb_patch *patch) {
    fill_patch(
        shape, data, channels, place.image, 2 * place.row - 1, 2 * place.column - 1, 4, patch);
}

void winograd_result_patch(
    const gcb_winograd *shape, const gcb_bfloat16 *data, int64_t channels, winograd_place place,
    gcb_patch *patch) {
    fill_patch(shape, data, channels, place.image, 2 * place.row, 2 * place.column, 2, patch);
}

typedef struct {
    const gcb_kernels *kernels;
    const gcb_winograd *shape;
    /// Channels of `from`, which are added up, and of `to`.
    int64_t inner, outer;
    bool is_gradient;
    const gcb_bfloat16 *from;
    const gcb_pair *weights;
    const gcb_epilogue *epilogue;
    gcb_bfloat16 *to;
    /// Panels of the transformed weights: `[16][panel][inner pairs][vectors][16]`.
    gcb_pair *kernel;
    char *tiles;
} winograd_job;

static int64_t kernel_plane(const winograd_job *job) {
    return job->outer * job->inner / 2 + GCB_PLANE_GAP;
}

// MARK: Weights

/// Nine blocks `[8 pairs of o][16 i]` from nine `[8 pairs of i][16 o]`, the last weight first.
static void turn_block(const gcb_pair *from, gcb_pair *to) {
    for (int k = 0; k < 9; ++k, from += 128)
        for (int pair = 0; pair < 8; ++pair)
            for (int row = 0; row < 8; ++row) {
                gcb_pair low = from[16 * row + 2 * pair], high = from[16 * row + 2 * pair + 1];
                gcb_pair *at = to + 128 * (8 - k) + 16 * pair + 2 * row;
                at[0] = (low & 0xFFFF) | high << 16;
                at[1] = low >> 16 | (high & 0xFFFF0000u);
            }
}

/// The weights between one block of `inner` and one of `outer` channels.
static void transform_block(const winograd_job *job, int64_t outer, int64_t inner) {
    const gcb_winograd *shape = job->shape;
    int64_t output = job->is_gradient ? inner : outer, input = job->is_gradient ? outer : inner;
    const gcb_pair *block = job->weights + (output * (shape->inputs / 16) + input) * 9 * 128;
    gcb_pair turned[9 * 128];
    if (job->is_gradient) {
        turn_block(block, turned);
        block = turned;
    }
    int64_t first = outer / GCB_PANEL * GCB_PANEL;
    int64_t vectors = winograd_panel(first, job->outer / 16);
    gcb_pair *to = job->kernel + first * 16 * (job->inner / 2)
        + inner * 8 * vectors * 16 + (outer - first) * 16;
    for (int pair = 0; pair < 8; ++pair)
        job->kernels->winograd_kernel(
            block + 16 * pair, 128, to + pair * vectors * 16, kernel_plane(job));
}

static void kernel_body(void *context, int part, int parts) {
    const winograd_job *job = context;
    int64_t inner = job->inner / 16, first, last;
    gcb_share(job->outer / 16 * inner, part, parts, &first, &last);
    for (int64_t item = first; item < last; ++item)
        transform_block(job, item / inner, item % inner);
}

// MARK: Tiles

/// Tiles at a time, a multiple of the six that are multiplied together.
static int64_t tiles_at_a_time(int64_t inner) {
    int64_t tiles = GCB_TILE_BYTES / (16 * 2 * inner) / 6 * 6;
    return tiles < 6 ? 6 : tiles > 96 ? 96 : tiles;
}

static int64_t tile_plane(int64_t inner) { return tiles_at_a_time(inner) * inner + GCB_PLANE_GAP; }

static int64_t sum_plane(int64_t inner) {
    return tiles_at_a_time(inner) * GCB_PANEL * 16 + GCB_PLANE_GAP;
}

static size_t part_bytes(int64_t inner) {
    return winograd_rounded(16 * 2 * tile_plane(inner)) + 16 * 4 * (size_t)sum_plane(inner);
}

/// One panel of outputs of `count` tiles: products, sums, results.
static void multiply_panel(
    const winograd_job *job, const gcb_bfloat16 *tiles, float *sums, int64_t start, int64_t count,
    int64_t panel) {
    int vectors = winograd_panel(panel, job->outer / 16);
    int64_t width = GCB_PANEL * 16, plane = sum_plane(job->inner);
    gcb_pair_product product = {
        .a_row = job->inner / 2, .a_step = 1, .count = job->inner / 2, .c_row = width};
    for (int t = 0; t < 16; ++t) {
        product.b = job->kernel + t * kernel_plane(job) + panel * 16 * (job->inner / 2);
        for (int64_t tile = 0; tile < count; tile += 6) {
            product.a = (const gcb_pair *)(tiles + t * tile_plane(job->inner) + tile * job->inner);
            product.c = sums + t * plane + tile * width;
            job->kernels->pair_product(6, vectors, false, &product);
        }
    }
    winograd_place place = winograd_place_of(job->shape, start);
    for (int64_t tile = 0; tile < count; ++tile, winograd_advance(job->shape, &place)) {
        gcb_patch patch;
        winograd_result_patch(job->shape, job->to, job->outer, place, &patch);
        job->kernels->winograd_result(
            sums + tile * width, plane, vectors, &patch, panel, job->epilogue);
    }
}

static void tiles_body(void *context, int part, int parts) {
    const winograd_job *job = context;
    int64_t sixes = (winograd_tiles(job->shape) + 5) / 6, first, last;
    int64_t most = tiles_at_a_time(job->inner) / 6;
    gcb_bfloat16 *tiles = (gcb_bfloat16 *)(job->tiles + (size_t)part * part_bytes(job->inner));
    float *sums = (float *)((char *)tiles + winograd_rounded(16 * 2 * tile_plane(job->inner)));
    gcb_share(sixes, part, parts, &first, &last);
    int chunks = (int)((last - first + most - 1) / most);
    for (int chunk = 0; chunk < chunks; ++chunk) {
        int64_t low, high;
        gcb_share(last - first, chunk, chunks, &low, &high);
        int64_t start = 6 * (first + low), count = 6 * (high - low);
        winograd_place place = winograd_place_of(job->shape, start);
        for (int64_t tile = 0; tile < count; ++tile, winograd_advance(job->shape, &place)) {
            gcb_patch patch;
            winograd_source_patch(job->shape, job->from, job->inner, place, &patch);
            job->kernels->winograd_source(
                &patch, job->inner / 16, tiles + tile * job->inner, tile_plane(job->inner));
        }
        for (int64_t panel = 0; panel < job->outer / 16; panel += GCB_PANEL)
            multiply_panel(job, tiles, sums, start, count, panel);
    }
}

static size_t kernel_bytes(const gcb_winograd *shape) {
    return winograd_rounded(16 * 4 * (shape->outputs * shape->inputs / 2 + GCB_PLANE_GAP));
}

size_t gcb_winograd_workspace(const gcb_winograd *shape) {
    size_t forward = part_bytes(shape->inputs), gradient = part_bytes(shape->outputs);
    return kernel_bytes(shape)
        + (forward > gradient ? forward : gradient) * (size_t)shape->threads;
}

static void run(winograd_job *job, void *workspace) {
    job->kernel = workspace;
    job->tiles = (char *)workspace + kernel_bytes(job->shape);
    gcb_parallel(job->shape->threads, kernel_body, job);
    gcb_parallel(job->shape->threads, tiles_body, job);
}

void gcb_winograd_forward(
    const gcb_winograd *shape, const gcb_bfloat16 *x, const gcb_bfloat16 *w,
    const gcb_epilogue *epilogue, gcb_bfloat16 *y, void *workspace) {
    winograd_job job = {
        gcb_kernels_selected(), shape, shape->inputs, shape->outputs, false, x,
        (const gcb_pair *)w, epilogue, y, NULL, NULL};
    run(&job, workspace);
}

void gcb_winograd_data_gradient(
    const gcb_winograd *shape, const gcb_bfloat16 *dy, const gcb_bfloat16 *w, gcb_bfloat16 *dx,
    void *workspace) {
    const gcb_epilogue none = {NULL, false, false};
    winograd_job job = {
        gcb_kernels_selected(), shape, shape->outputs, shape->inputs, true, dy,
        (const gcb_pair *)w, &none, dx, NULL, NULL};
    run(&job, workspace);
}

#include "gcb_narrow_gradient.h"
#include "gcb_pool.h"
#include "isa/table.h"

#include <stdbool.h>

// Ladder, two cores of an AMD EPYC (family 26, 1080 GFLOP/s in bfloat16), ms; ResNet-50's shapes at
// batch 16, ResNet-18's at batch 128, and the sum of eighteen such shapes. oneDNN within a whole
// step, the versions of ours alone:
//
//                               1×1 256→64,  1×1 1024→256,  3×3 stride 2,  3×3 stride 2,  sum
//                               56×56        14×14          128, 56×56     256→512, 8×8
//   oneDNN 2.6.3                   4.1          2.3            5.7            11.9        97.8
//   pairs of pixels, 256 at a time 3.2          1.9            5.2             5.5        77.5
//   the next 256 fetched ahead     2.6          1.8            5.0             5.3        72.4
//   fetched 512 ahead              2.8          1.8            5.2             5.3        80.5

#define GCB_PANEL 4

static const gcb_bfloat16 zeros[16];

typedef struct {
    const gcb_kernels *kernels;
    const gcb_narrow_gradient *shape;
    const gcb_bfloat16 *dy, *x;
    float *dw;
    char *workspace;
} gradient_job;

/// What one part works with: its share of the weights, the results of this turn, and both sides of
/// the product in pairs of results, `[block][pairs][16]` and `[panel][pairs][vectors][16]`.
typedef struct {
    const gradient_job *job;
    int64_t first_output, last_output, first_input, last_input;  ///< blocks of sixteen
    int64_t start, count;
    gcb_pair *sources, *results;
    const gcb_bfloat16 *at[GCB_PIXELS];
    int64_t step[GCB_PIXELS];
} gradient_part;

static int64_t pairs(const gradient_part *part) { return (part->count + 1) / 2; }

static int panel_vectors(const gradient_part *part, int64_t panel) {
    int64_t rest = part->last_output - panel;
    return (int)(rest < GCB_PANEL ? rest : GCB_PANEL);
}

/// Where the pixels of one side lie: of dy, or of x under one weight of the kernel.
static void find_pixels(
    gradient_part *part, const gcb_bfloat16 *data, int64_t channels, int64_t height,
    int64_t width, int64_t stride, int64_t down, int64_t right) {
    const gcb_narrow_gradient *shape = part->job->shape;
    int64_t plane = 16 * height * width, area = shape->result_height * shape->result_width;
    int64_t image = part->start / area, rest = part->start % area;
    int64_t row = rest / shape->result_width, column = rest % shape->result_width;
    for (int64_t p = 0; p < 2 * pairs(part); ++p) {
        int64_t y = row * stride + down, x = column * stride + right;
        bool is_inside = p < part->count && y >= 0 && y < height && x >= 0 && x < width;
        part->at[p] = is_inside
            ? data + image * (channels / 16) * plane + 16 * (y * width + x) : zeros;
        part->step[p] = is_inside ? plane : 0;
        if (++column < shape->result_width) continue;
        column = 0;
        if (++row < shape->result_height) continue;
        row = 0;
        ++image;
    }
}

static void pair_results(gradient_part *part) {
    const gcb_narrow_gradient *shape = part->job->shape;
    find_pixels(
        part, part->job->dy, shape->outputs, shape->result_height, shape->result_width, 1, 0, 0);
    for (int64_t block = part->first_output; block < part->last_output; ++block) {
        int64_t number = block - part->first_output, panel = number / GCB_PANEL * GCB_PANEL;
        int vectors = panel_vectors(part, part->first_output + panel);
        part->job->kernels->pair_pixels(
            part->at, part->step, block, pairs(part),
            part->results + (panel * pairs(part) + number - panel) * 16, 16 * vectors);
    }
}

static void pair_sources(gradient_part *part, int64_t weight) {
    const gcb_narrow_gradient *shape = part->job->shape;
    find_pixels(
        part, part->job->x, shape->inputs, shape->height, shape->width, shape->stride,
        weight / shape->kernel - shape->padding, weight % shape->kernel - shape->padding);
    for (int64_t block = part->first_input; block < part->last_input; ++block)
        part->job->kernels->pair_pixels(
            part->at, part->step, block, pairs(part),
            part->sources + (block - part->first_input) * pairs(part) * 16, 16);
}

static void add_products(gradient_part *part, int64_t weight) {
    const gcb_narrow_gradient *shape = part->job->shape;
    int64_t inputs = shape->inputs / 16, weights = shape->kernel * shape->kernel;
    gcb_pair_product product = {
        .a_row = 1, .a_step = 16, .count = pairs(part), .c_vector = inputs * weights * 256,
        .adds = part->start > 0};
    for (int64_t panel = part->first_output; panel < part->last_output; panel += GCB_PANEL) {
        product.b = part->results + (panel - part->first_output) * pairs(part) * 16;
        for (int64_t block = part->first_input; block < part->last_input; ++block)
            for (int row = 0; row < 16; row += 6) {
                product.a
                    = part->sources + (block - part->first_input) * pairs(part) * 16 + row;
                product.c = part->job->dw
                    + ((panel * inputs + block) * weights + weight) * 256 + 16 * row;
                part->job->kernels->pair_product(
                    row < 12 ? 6 : 4, panel_vectors(part, panel), true, &product);
            }
    }
}

static size_t side_bytes(int64_t channels) { return (size_t)channels * GCB_PIXELS * 2; }

static size_t part_bytes(const gcb_narrow_gradient *shape) {
    return side_bytes(shape->inputs) + side_bytes(shape->outputs);
}

size_t gcb_narrow_gradient_workspace(const gcb_narrow_gradient *shape) {
    return part_bytes(shape) * (size_t)shape->threads;
}

/// Parts share the longer side of the weights, so that nothing has to be added up between them.
static void gradient_body(void *context, int number, int parts) {
    const gradient_job *job = context;
    const gcb_narrow_gradient *shape = job->shape;
    gradient_part part = {
        .job = job, .last_output = shape->outputs / 16, .last_input = shape->inputs / 16};
    if (shape->outputs >= shape->inputs)
        gcb_share(part.last_output, number, parts, &part.first_output, &part.last_output);
    else gcb_share(part.last_input, number, parts, &part.first_input, &part.last_input);
    part.sources = (gcb_pair *)(job->workspace + part_bytes(shape) * (size_t)number);
    part.results = (gcb_pair *)((char *)part.sources + side_bytes(shape->inputs));
    int64_t count = shape->images * shape->result_height * shape->result_width;
    for (; part.start < count; part.start += GCB_PIXELS) {
        part.count = count - part.start < GCB_PIXELS ? count - part.start : GCB_PIXELS;
        pair_results(&part);
        for (int64_t weight = 0; weight < shape->kernel * shape->kernel; ++weight) {
            pair_sources(&part, weight);
            add_products(&part, weight);
        }
    }
}

void gcb_narrow_weight_gradient(
    const gcb_narrow_gradient *shape, const gcb_bfloat16 *dy, const gcb_bfloat16 *x, float *dw,
    void *workspace) {
    gradient_job job = {gcb_kernels_selected(), shape, dy, x, dw, workspace};
    gcb_parallel(shape->threads, gradient_body, &job);
}

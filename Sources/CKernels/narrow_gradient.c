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
//
// The weight gradients of ResNet-50 that go this way, cold caches, the quarter of 9 runs; at the
// peak the products of all of them would take 75.9 ms:
//
//                               1×1 64→256,  1×1 1024→256,  3×3 stride 2,  3×3 stride 2,  all 38
//                               56×56        14×14          128, 56×56     512, 14×14
//   fetched while pairing          3.0          2.0            5.6             4.3        106.4
//   fetched while multiplying      2.5          2.0            5.1             4.1        98.0
//   neighbours in one load, turns
//   alike, sums fetched too        2.3          2.0            5.0             4.1        96.5

#define GCB_PANEL 4

static const gcb_bfloat16 zeros[16];

typedef struct {
    const gcb_kernels *kernels;
    const gcb_narrow_gradient *shape;
    const gcb_bfloat16 *dy, *x;
    float *dw;
    char *workspace;
} gradient_job;

/// A turn of a part: some results under one weight of the kernel, and where the pixels of both
/// sides lie.
typedef struct {
    int64_t number, weight, start, count;
    gcb_pixels results, sources;
} gradient_turn;

/// What one part works with: its share of the weights, and both sides of the product in pairs of
/// results, `[block][pairs][16]` and `[panel][pairs][vectors][16]`.
typedef struct {
    const gradient_job *job;
    int64_t first_output, last_output, first_input, last_input;  ///< blocks of sixteen
    gcb_pair *sources, *results;
} gradient_part;

static int64_t pairs(const gradient_turn *turn) { return (turn->count + 1) / 2; }

static int64_t result_count(const gcb_narrow_gradient *shape) {
    return shape->images * shape->result_height * shape->result_width;
}

/// As many turns as have about the number of results that suits the caches, all alike.
static int64_t turn_count(const gcb_narrow_gradient *shape) {
    return (result_count(shape) + GCB_PIXELS - 1) / GCB_PIXELS;
}

static int panel_vectors(const gradient_part *part, int64_t panel) {
    int64_t rest = part->last_output - panel;
    return (int)(rest < GCB_PANEL ? rest : GCB_PANEL);
}

/// One side of the product: dy, or x under one weight of the kernel.
typedef struct {
    const gcb_bfloat16 *data;
    int64_t channels, height, width, stride, down, right;
} gradient_side;

/// Pixels `first` and the next ones of one row of results.
static void find_row(
    const gradient_side *side, int64_t image, int64_t row, int64_t column, int64_t count,
    gcb_pixels *pixels, int64_t first) {
    int64_t plane = 16 * side->height * side->width, y = row * side->stride + side->down;
    int64_t x = column * side->stride + side->right;
    const gcb_bfloat16 *line
        = side->data + image * (side->channels / 16) * plane + 16 * y * side->width;
    bool is_inside = y >= 0 && y < side->height;
    for (int64_t p = first; p < first + count; ++p, x += side->stride) {
        bool has_pixel = is_inside && x >= 0 && x < side->width;
        pixels->at[p] = has_pixel ? line + 16 * x : zeros;
        pixels->step[p] = has_pixel ? plane : 0;
    }
}

/// Where the pixels of a turn lie; an odd one is paired with zeros.
static void find_pixels(
    const gcb_narrow_gradient *shape, const gradient_turn *turn, const gradient_side *side,
    gcb_pixels *pixels) {
    int64_t width = shape->result_width, height = shape->result_height;
    for (int64_t p = 0; p < turn->count;) {
        int64_t line = (turn->start + p) / width, column = (turn->start + p) % width;
        int64_t count = width - column < turn->count - p ? width - column : turn->count - p;
        find_row(side, line / height, line % height, column, count, pixels, p);
        p += count;
    }
    if (turn->count % 2 == 0) return;
    pixels->at[turn->count] = zeros;
    pixels->step[turn->count] = 0;
}

static void find_results(const gradient_job *job, gradient_turn *turn) {
    const gcb_narrow_gradient *shape = job->shape;
    const gradient_side side = {
        job->dy, shape->outputs, shape->result_height, shape->result_width, 1, 0, 0};
    find_pixels(shape, turn, &side, &turn->results);
}

static void find_sources(const gradient_job *job, gradient_turn *turn) {
    const gcb_narrow_gradient *shape = job->shape;
    const gradient_side side = {
        job->x, shape->inputs, shape->height, shape->width, shape->stride,
        turn->weight / shape->kernel - shape->padding,
        turn->weight % shape->kernel - shape->padding};
    find_pixels(shape, turn, &side, &turn->sources);
}

/// Results [start, start + count) of turn `number` of each weight.
static void set_results(const gcb_narrow_gradient *shape, int64_t number, gradient_turn *turn) {
    int64_t last = 0, all = result_count(shape);
    turn->number = number;
    turn->start = 0;
    if (number < turn_count(shape))
        gcb_share((all + 15) / 16, (int)number, (int)turn_count(shape), &turn->start, &last);
    turn->start *= 16;
    turn->count = (16 * last < all ? 16 * last : all) - turn->start;
}

/// The turn after one: the next weight, or the first weight of the next results. Without any of
/// these its count is 0.
static void find_next(
    const gradient_job *job, const gradient_turn *turn, gradient_turn *next) {
    const gcb_narrow_gradient *shape = job->shape;
    bool has_weight = turn->weight + 1 < shape->kernel * shape->kernel;
    next->weight = has_weight ? turn->weight + 1 : 0;
    set_results(shape, has_weight ? turn->number : turn->number + 1, next);
    if (next->weight == 0) find_results(job, next);
    find_sources(job, next);
}

static void pair_results(const gradient_part *part, const gradient_turn *turn) {
    for (int64_t block = part->first_output; block < part->last_output; ++block) {
        int64_t number = block - part->first_output, panel = number / GCB_PANEL * GCB_PANEL;
        int vectors = panel_vectors(part, part->first_output + panel);
        part->job->kernels->pair_pixels(
            &turn->results, block, pairs(turn),
            part->results + (panel * pairs(turn) + number - panel) * 16, 16 * vectors);
    }
}

static void pair_sources(const gradient_part *part, const gradient_turn *turn) {
    for (int64_t block = part->first_input; block < part->last_input; ++block)
        part->job->kernels->pair_pixels(
            &turn->sources, block, pairs(turn),
            part->sources + (block - part->first_input) * pairs(turn) * 16, 16);
}

/// What the product number `number` of a turn fetches of the next one: a block of either side.
static void fetch_ahead(
    const gradient_part *part, const gradient_turn *next, int64_t number,
    gcb_pair_product *product) {
    int64_t inputs = part->last_input - part->first_input;
    int64_t outputs = next->weight == 0 ? part->last_output - part->first_output : 0;
    bool is_source = number < inputs;
    product->ahead_block
        = is_source ? part->first_input + number : part->first_output + number - inputs;
    product->ahead = is_source ? &next->sources : &next->results;
    product->ahead_count = number < inputs + outputs ? pairs(next) : 0;
}

static void add_products(
    const gradient_part *part, const gradient_turn *turn, const gradient_turn *next) {
    const gcb_narrow_gradient *shape = part->job->shape;
    int64_t inputs = shape->inputs / 16, weights = shape->kernel * shape->kernel, number = 0;
    gcb_pair_product product = {
        .a_row = 1, .a_step = 16, .count = pairs(turn), .c_vector = inputs * weights * 256,
        .adds = turn->start > 0};
    for (int64_t panel = part->first_output; panel < part->last_output; panel += GCB_PANEL) {
        product.b = part->results + (panel - part->first_output) * pairs(turn) * 16;
        for (int64_t block = part->first_input; block < part->last_input; ++block)
            for (int row = 0; row < 16; row += 6) {
                product.a
                    = part->sources + (block - part->first_input) * pairs(turn) * 16 + row;
                product.c = part->job->dw
                    + ((panel * inputs + block) * weights + turn->weight) * 256 + 16 * row;
                fetch_ahead(part, next, number++, &product);
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
    gradient_turn turns[2], *turn = turns, *next = turns + 1;
    turn->weight = 0;
    set_results(shape, 0, turn);
    find_results(job, turn);
    find_sources(job, turn);
    while (turn->count > 0) {
        find_next(job, turn, next);
        if (turn->weight == 0) pair_results(&part, turn);
        pair_sources(&part, turn);
        add_products(&part, turn, next);
        gradient_turn *done = turn;
        turn = next;
        next = done;
    }
}

void gcb_narrow_weight_gradient(
    const gcb_narrow_gradient *shape, const gcb_bfloat16 *dy, const gcb_bfloat16 *x, float *dw,
    void *workspace) {
    gradient_job job = {gcb_kernels_selected(), shape, dy, x, dw, workspace};
    gcb_parallel(shape->threads, gradient_body, &job);
}

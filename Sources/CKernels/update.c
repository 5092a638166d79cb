#include "gcb_pool.h"
#include "gcb_update.h"
#include "isa/table.h"

#include <stddef.h>
#include <string.h>

// Ladder, milliseconds of one core for a kernel [512, 512, 3, 3] (9.4 MB) in blocks of 16 outputs,
// cold caches, a Skylake at 2.5 GHz that copies 17 GB/s, decay 5e-4:
//
//                                                          SGD 0.9   with gc   Adam   AdamW gc2
//   a loop written for SGD alone, centralization first        2.65      3.30      -           -
//   a program, an instruction after the other in blocks       2.71      3.65    4.5         5.9
//   the same, the next block of memory fetched ahead          2.69      3.70    4.4         5.6
//   the same, centralization folded into the sum after it     2.74      3.40    4.2         5.1
//
// Two cores share one memory and gain little. An ingredient at a time, one pass over memory for
// each, takes 17.2 for SGD with gc on both.

// Elements per block: a block of every tensor of a program fits the first-level cache.
#define GCB_BLOCK 1024

#define GCB_SERIAL_COUNT 16384

typedef struct {
    const gcb_kernels *kernels;
    const gcb_update *update;
    gcb_block_step steps[GCB_UPDATE_STEPS];
    /// The slot whose next block a step fetches.
    int ahead[GCB_UPDATE_STEPS];
    int64_t pattern;
    size_t part_bytes;
    double removed[GCB_MAX_PARTS], whole[GCB_MAX_PARTS];
} update_job;

/// What one part works with.
typedef struct {
    float blocks[GCB_UPDATE_BLOCKS][GCB_BLOCK];
    float *stretches;  ///< one after the other
    double *sums;  ///< per slot of the pattern
    double *lanes;  ///< per output of a stretch
    float *means;  ///< per slot of the pattern
} part_memory;

/// Sums of one stretch cycle through slots: a multiple of the outputs' cycle and of a vector.
static int64_t pattern_of(const gcb_slices *slices) {
    // One output per stretch: any slot will do.
    if (slices->lanes == 1) return 64;
    int64_t cycle = slices->run * slices->lanes, pattern = cycle;
    while (pattern % 16 != 0) pattern += cycle;
    return pattern < 64 && 64 % pattern == 0 ? 64 : pattern;
}

static size_t rounded(size_t bytes) { return (bytes + 63) / 64 * 64; }

static size_t part_bytes(const gcb_slices *slices, int stretches) {
    size_t pattern = (size_t)pattern_of(slices);
    return rounded((size_t)slices->chunk * (size_t)stretches * sizeof(float))
        + rounded(pattern * sizeof(double)) + rounded((size_t)slices->lanes * sizeof(double))
        + rounded(pattern * sizeof(float));
}

size_t gcb_update_workspace(
    const gcb_slices *slices, bool centralizes, int stretches, int threads) {
    return centralizes ? part_bytes(slices, stretches) * (size_t)threads : 0;
}

// MARK: Blocks

static float *slot_address(
    const gcb_update *update, int number, part_memory *memory, int64_t at, int64_t in_stretch) {
    const gcb_slot *slot = &update->slots[number];
    switch (slot->kind) {
    case gcb_slot_memory: return slot->memory + at;
    case gcb_slot_block: return memory->blocks[slot->index];
    case gcb_slot_stretch:
        return memory->stretches + slot->index * update->slices.chunk + in_stretch;
    }
}

/// Runs steps `first..<last` over the elements `at..<at + count`, `in_stretch` of which lie before
/// them in their stretch.
static void run_steps(
    const update_job *job, part_memory *memory, int first, int last, int64_t at,
    int64_t in_stretch, int64_t count) {
    const gcb_update *update = job->update;
    float *address[GCB_UPDATE_SLOTS];
    for (int slot = 0; slot < update->slot_count; ++slot)
        address[slot] = slot_address(update, slot, memory, at, in_stretch);
    gcb_block_step steps[GCB_UPDATE_STEPS];
    for (int number = first; number < last; ++number) {
        const gcb_update_step *step = &update->steps[number];
        gcb_block_step *block = &steps[number];
        *block = job->steps[number];
        block->y = address[step->y];
        block->a = address[step->a];
        block->b = address[step->b];
        block->c = address[step->c];
        block->ahead = address[job->ahead[number]] + GCB_BLOCK;
    }
    job->kernels->update_block(
        steps + first, last - first, count, memory->means, in_stretch % job->pattern,
        job->pattern);
}

/// Even shares of the memory: without centralization outputs do not matter.
static void plain_body(void *context, int part, int parts) {
    const update_job *job = context;
    part_memory memory;
    int64_t count = job->update->slices.chunks * job->update->slices.chunk, first, last;
    gcb_share((count + 15) / 16, part, parts, &first, &last);
    last = last * 16 < count ? last * 16 : count;
    for (int64_t at = first * 16; at < last; at += GCB_BLOCK)
        run_steps(
            job, &memory, 0, job->update->step_count, at, 0,
            last - at < GCB_BLOCK ? last - at : GCB_BLOCK);
}

// MARK: Centralization

/// The mean of each output of a stretch, spread over its slots; returns Σ fan-in · mean².
static double means_of(const update_job *job, const part_memory *memory) {
    const gcb_slices *slices = &job->update->slices;
    double removed = 0, fan_in = (double)(slices->chunk / slices->lanes);
    memset(memory->lanes, 0, (size_t)slices->lanes * sizeof(double));
    for (int64_t slot = 0; slot < job->pattern; ++slot)
        memory->lanes[slot / slices->run % slices->lanes] += memory->sums[slot];
    for (int64_t lane = 0; lane < slices->lanes; ++lane) {
        memory->lanes[lane] /= fan_in;
        removed += fan_in * memory->lanes[lane] * memory->lanes[lane];
    }
    for (int64_t slot = 0; slot < job->pattern; ++slot)
        memory->means[slot] = (float)memory->lanes[slot / slices->run % slices->lanes];
    return removed;
}

/// One stretch of whole outputs: what is centralized and its sums first, then the rest.
static void centralize_stretch(update_job *job, part_memory *memory, int part, int64_t start) {
    const gcb_update *update = job->update;
    int64_t length = update->slices.chunk;
    double energy[16] = {0};
    memset(memory->sums, 0, (size_t)job->pattern * sizeof(double));
    for (int64_t done = 0; done < length; done += GCB_BLOCK) {
        int64_t count = length - done < GCB_BLOCK ? length - done : GCB_BLOCK;
        run_steps(job, memory, 0, update->before, start + done, done, count);
        job->kernels->update_sums(
            slot_address(update, update->centralized, memory, start + done, done), count,
            done % job->pattern, job->pattern, memory->sums, energy);
    }
    for (int lane = 0; lane < 16; ++lane) job->whole[part] += energy[lane];
    job->removed[part] += means_of(job, memory);
    for (int64_t done = 0; done < length; done += GCB_BLOCK)
        run_steps(
            job, memory, update->before, update->step_count, start + done, done,
            length - done < GCB_BLOCK ? length - done : GCB_BLOCK);
}

static void centralized_body(void *context, int part, int parts) {
    update_job *job = context;
    const gcb_slices *slices = &job->update->slices;
    part_memory memory;
    char *own = (char *)job->update->workspace + job->part_bytes * (size_t)part;
    size_t pattern_bytes = rounded((size_t)job->pattern * sizeof(double));
    memory.sums = (double *)own;
    memory.lanes = (double *)(own + pattern_bytes);
    memory.means = (float *)(own + pattern_bytes + rounded((size_t)slices->lanes * 8));
    memory.stretches = memory.means + rounded((size_t)job->pattern * 4) / 4;
    job->removed[part] = job->whole[part] = 0;
    int64_t first, last;
    gcb_share(slices->chunks, part, parts, &first, &last);
    for (int64_t chunk = first; chunk < last; ++chunk)
        centralize_stretch(job, &memory, part, chunk * slices->chunk);
}

// MARK: The whole

static float value_of(gcb_factor factor) {
    return factor.scalar ? factor.constant * *factor.scalar : factor.constant;
}

/// Shares out over steps `first..<last` the tensors that they read from memory: each step fetches
/// the next block of one, so that memory is busy while blocks in cache are worked on.
static void look_ahead(update_job *job, int first, int last) {
    const gcb_update *update = job->update;
    bool is_known[GCB_UPDATE_SLOTS] = {false};
    int fetched = first;
    for (int number = first; number < last; ++number)
        job->ahead[number] = update->steps[number].y;
    for (int number = first; number < last; ++number) {
        const gcb_update_step *step = &update->steps[number];
        const int sources[] = {step->a, step->b, step->c};
        for (int i = 0; i < 3; ++i) {
            int slot = sources[i];
            if (is_known[slot] || update->slots[slot].kind != gcb_slot_memory) continue;
            is_known[slot] = true;
            if (fetched < last) job->ahead[fetched++] = slot;
        }
    }
}

void gcb_update_run(const gcb_update *update, float *energies) {
    int64_t count = update->slices.chunks * update->slices.chunk;
    int parts = count < GCB_SERIAL_COUNT || update->threads < 1 ? 1 : update->threads;
    if (parts > GCB_MAX_PARTS) parts = GCB_MAX_PARTS;
    update_job job;
    job.kernels = gcb_kernels_selected();
    job.update = update;
    job.pattern = pattern_of(&update->slices);
    for (int number = 0; number < update->step_count; ++number) {
        const gcb_update_step *step = &update->steps[number];
        job.steps[number] = (gcb_block_step){
            .kind = step->kind,
            .alpha = value_of(step->alpha),
            .beta = value_of(step->beta),
            .inner = step->inner,
            .outer = step->outer,
        };
    }
    int before = update->centralizes ? update->before : 0;
    look_ahead(&job, 0, before);
    look_ahead(&job, before, update->step_count);
    if (!update->centralizes) {
        gcb_parallel(parts, plain_body, &job);
        return;
    }
    int stretches = 0;
    for (int slot = 0; slot < update->slot_count; ++slot)
        stretches += update->slots[slot].kind == gcb_slot_stretch;
    job.part_bytes = part_bytes(&update->slices, stretches);
    gcb_parallel(parts, centralized_body, &job);
    double removed = 0, whole = 0;
    for (int part = 0; part < parts; ++part) {
        removed += job.removed[part];
        whole += job.whole[part];
    }
    energies[0] = (float)removed;
    energies[1] = (float)whole;
}

// MARK: Norms

typedef struct {
    const gcb_kernels *kernels;
    const float *x;
    int64_t count;
    double squares[GCB_MAX_PARTS];
} norm_job;

static void norm_body(void *context, int part, int parts) {
    norm_job *job = context;
    double sums[64] = {0}, energy[16] = {0};
    int64_t first, last;
    gcb_share((job->count + 63) / 64, part, parts, &first, &last);
    last = last * 64 < job->count ? last * 64 : job->count;
    for (int64_t at = first * 64; at < last; at += GCB_BLOCK)
        job->kernels->update_sums(
            job->x + at, last - at < GCB_BLOCK ? last - at : GCB_BLOCK, 0, 64, sums, energy);
    job->squares[part] = 0;
    for (int lane = 0; lane < 16; ++lane) job->squares[part] += energy[lane];
}

float gcb_squared_norm(const float *x, int64_t count, int threads) {
    norm_job job = {.kernels = gcb_kernels_selected(), .x = x, .count = count};
    int parts = count < GCB_SERIAL_COUNT ? 1 : threads;
    gcb_parallel(parts, norm_body, &job);
    double sum = 0;
    for (int part = 0; part < parts; ++part) sum += job.squares[part];
    return (float)sum;
}

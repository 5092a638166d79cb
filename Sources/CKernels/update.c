#include "gcb_pool.h"
#include "gcb_update.h"
#include "isa/table.h"

#include <stddef.h>
#include <string.h>

// Ladder, decay + centralization + momentum 0.9 on a kernel [512, 512, 3, 3] (9.4 MB), two Skylake
// cores at 2.5 GHz, cold caches:
//
//   one pass per ingredient (add scaled, centralize, trace, descend)   17.2 ms
//   one pass for all, no centralization                                 2.7 ms
//   the same, each output's sums first while its stretch is in cache    3.0 ms

// The sums of one stretch cycle through a pattern of slots, a multiple of 64 that `run · lanes`
// divides or is divided by. 512 slots cover every layout of 16 or 64 outputs in blocks.
#define GCB_MAX_PATTERN 512

#define GCB_SERIAL_COUNT 16384

typedef struct {
    const gcb_kernels *kernels;
    gcb_slices slices;
    gcb_update_constants constants;
    bool centralizes;
    float *weight, *buffer, *result;
    const float *gradient;
    double removed[GCB_MAX_PARTS], whole[GCB_MAX_PARTS];
} update_job;

/// Slots per stretch: whole cycles of the outputs, at least 64.
static int64_t pattern_of(const gcb_slices *slices) {
    // One output per stretch: any slot will do.
    if (slices->lanes == 1) return 64;
    int64_t cycle = slices->run * slices->lanes, pattern = cycle;
    while (pattern % 64 != 0) pattern += cycle;
    return pattern;
}

/// The mean of each output of a stretch, spread over its slots; returns Σ fan-in · mean².
static double means_of(
    const gcb_slices *slices, const double *sums, int64_t pattern, float *means) {
    double per_lane[GCB_MAX_PATTERN] = {0}, removed = 0;
    double fan_in = (double)(slices->chunk / slices->lanes);
    for (int64_t slot = 0; slot < pattern; ++slot)
        per_lane[slot / slices->run % slices->lanes] += sums[slot];
    for (int64_t lane = 0; lane < slices->lanes; ++lane) {
        per_lane[lane] /= fan_in;
        removed += fan_in * per_lane[lane] * per_lane[lane];
    }
    for (int64_t slot = 0; slot < pattern; ++slot)
        means[slot] = (float)per_lane[slot / slices->run % slices->lanes];
    return removed;
}

/// One stretch of whole outputs: the sums first, then the update while the stretch is in cache.
static void centralize_chunk(update_job *job, int part, int64_t pattern, int64_t chunk) {
    const gcb_slices *slices = &job->slices;
    int64_t at = chunk * slices->chunk;
    const float *gradient = job->gradient + at;
    const float *weight = job->weight ? job->weight + at : gradient;
    double sums[GCB_MAX_PATTERN] = {0};
    float means[GCB_MAX_PATTERN];
    job->whole[part] += job->kernels->update_sums(
        gradient, weight, job->constants.decay, slices->chunk, pattern, sums);
    job->removed[part] += means_of(slices, sums, pattern, means);
    if (job->weight)
        job->kernels->update(
            job->weight + at, gradient, job->buffer ? job->buffer + at : NULL, means, pattern,
            &job->constants, slices->chunk);
    else job->kernels->subtract(gradient, means, pattern, job->result + at, slices->chunk);
}

static void centralize_body(void *context, int part, int parts) {
    update_job *job = context;
    int64_t pattern = pattern_of(&job->slices), first, last;
    gcb_share(job->slices.chunks, part, parts, &first, &last);
    job->removed[part] = job->whole[part] = 0;
    for (int64_t chunk = first; chunk < last; ++chunk) centralize_chunk(job, part, pattern, chunk);
}

/// One output of one stretch, run by run: for layouts whose outputs repeat too rarely for a
/// pattern, such as a mean along the second axis.
static void centralize_lane(update_job *job, int part, int64_t chunk, int64_t lane) {
    const gcb_slices *slices = &job->slices;
    const gcb_kernels *kernels = job->kernels;
    int64_t cycle = slices->lanes * slices->run, end = (chunk + 1) * slices->chunk;
    int64_t start = chunk * slices->chunk + lane * slices->run;
    double sums[64] = {0}, mean = 0, fan_in = (double)(slices->chunk / slices->lanes);
    float means[64];
    for (int64_t at = start; at < end; at += cycle) {
        const float *weight = (job->weight ? job->weight : job->gradient) + at;
        job->whole[part] += kernels->update_sums(
            job->gradient + at, weight, job->constants.decay, slices->run, 64, sums);
    }
    for (int slot = 0; slot < 64; ++slot) mean += sums[slot];
    mean /= fan_in;
    job->removed[part] += fan_in * mean * mean;
    for (int slot = 0; slot < 64; ++slot) means[slot] = (float)mean;
    for (int64_t at = start; at < end; at += cycle)
        if (job->weight)
            kernels->update(
                job->weight + at, job->gradient + at, job->buffer ? job->buffer + at : NULL,
                means, 64, &job->constants, slices->run);
        else kernels->subtract(job->gradient + at, means, 64, job->result + at, slices->run);
}

static void centralize_lanes_body(void *context, int part, int parts) {
    update_job *job = context;
    int64_t lanes = job->slices.lanes, first, last;
    gcb_share(job->slices.chunks * lanes, part, parts, &first, &last);
    job->removed[part] = job->whole[part] = 0;
    for (int64_t item = first; item < last; ++item)
        centralize_lane(job, part, item / lanes, item % lanes);
}

/// Without centralization outputs do not matter: even shares of the memory.
static void update_body(void *context, int part, int parts) {
    const update_job *job = context;
    const float zeros[64] = {0};
    int64_t count = job->slices.chunks * job->slices.chunk, first, last;
    gcb_share((count + 15) / 16, part, parts, &first, &last);
    first *= 16;
    last = last * 16 < count ? last * 16 : count;
    job->kernels->update(
        job->weight + first, job->gradient + first, job->buffer ? job->buffer + first : NULL,
        zeros, 64, &job->constants, last - first);
}

static void run(update_job *job, int threads, float *energies) {
    int64_t count = job->slices.chunks * job->slices.chunk;
    int parts = count < GCB_SERIAL_COUNT || threads < 1 ? 1 : threads;
    if (parts > GCB_MAX_PARTS) parts = GCB_MAX_PARTS;
    job->kernels = gcb_kernels_selected();
    if (!job->centralizes) {
        gcb_parallel(parts, update_body, job);
        return;
    }
    bool has_pattern = pattern_of(&job->slices) <= GCB_MAX_PATTERN;
    gcb_parallel(parts, has_pattern ? centralize_body : centralize_lanes_body, job);
    double removed = 0, whole = 0;
    for (int part = 0; part < parts; ++part) {
        removed += job->removed[part];
        whole += job->whole[part];
    }
    energies[0] = (float)removed;
    energies[1] = (float)whole;
}

void gcb_update_run(
    const gcb_update *rule, float *weight, const float *gradient, float *buffer,
    const float *rate, const float *step, float *energies) {
    bool is_first = rule->has_momentum && *step == 0;
    update_job job;
    job.slices = rule->slices;
    job.constants = (gcb_update_constants){
        .decay = rule->weight_decay,
        .rate = *rate,
        .momentum = is_first ? 0 : rule->momentum,
        .kept = is_first ? 1 : 1 - rule->dampening,
        .lookahead = rule->is_nesterov ? rule->momentum : 0,
    };
    job.centralizes = rule->centralizes;
    job.weight = weight;
    job.buffer = rule->has_momentum ? buffer : NULL;
    job.gradient = gradient;
    run(&job, rule->threads, energies);
}

void gcb_centralize(
    const gcb_slices *slices, int threads, const float *u, float *result, float *energies) {
    update_job job;
    job.slices = *slices;
    job.constants = (gcb_update_constants){0};
    job.centralizes = true;
    job.weight = NULL;
    job.buffer = NULL;
    job.result = result;
    job.gradient = u;
    run(&job, threads, energies);
}

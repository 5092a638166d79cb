#include "gcb_channels.h"
#include "gcb_pool.h"
#include "isa/table.h"

#include <string.h>

typedef struct {
    const gcb_stretches *rule;
    const void *x, *a;
    void *y;
} stretch_job;

/// One thread's share: whole lines of memory, wherever they cross from stretch to stretch.
static void stretch_body(void *context, int part, int parts) {
    const stretch_job *job = context;
    const gcb_stretches *rule = job->rule;
    gcb_format format = rule->format;
    int64_t total = rule->count * rule->length, at, end;
    gcb_share((total + 31) / 32, part, parts, &at, &end);
    at *= 32;
    end = end * 32 < total ? end * 32 : total;
    while (at < end) {
        int64_t stretch = at / rule->length, inside = at % rule->length;
        int64_t count = rule->length - inside < end - at ? rule->length - inside : end - at;
        int64_t to = stretch * rule->to_stride + inside;
        const void *x = gcb_at(format, job->x, stretch * rule->from_stride + inside);
        void *y = gcb_at(format, job->y, to);
        if (job->a)
            gcb_kernels_of(format)->add(1, x, 1, gcb_at(format, job->a, to), y, count);
        else
            memcpy(y, x, (size_t)count * gcb_format_bytes(format));
        at += count;
    }
}

void gcb_copy_stretches(const gcb_stretches *stretches, const void *x, void *y) {
    stretch_job job = {stretches, x, NULL, y};
    gcb_parallel(stretches->threads, stretch_body, &job);
}

void gcb_add_stretches(
    const gcb_stretches *stretches, const void *x, const void *a, void *y) {
    stretch_job job = {stretches, x, a, y};
    gcb_parallel(stretches->threads, stretch_body, &job);
}

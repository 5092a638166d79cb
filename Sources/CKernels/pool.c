#include "gcb_pool.h"

#include <stddef.h>

// libgomp's stable interface, as GCC calls it; clang without an OpenMP runtime cannot.
void GOMP_parallel(void (*body)(void *), void *data, unsigned thread_count, unsigned flags);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
void omp_set_num_threads(int count);

typedef struct {
    gcb_body body;
    void *context;
    int parts;
} job;

static void run_share(void *data) {
    const job *work = data;
    int team = omp_get_num_threads();
    for (int part = omp_get_thread_num(); part < work->parts; part += team)
        work->body(work->context, part, work->parts);
}

void gcb_parallel(int parts, gcb_body body, void *context) {
    if (parts <= 1) {
        body(context, 0, 1);
        return;
    }
    if (parts > GCB_MAX_PARTS) parts = GCB_MAX_PARTS;
    job work = {body, context, parts};
    GOMP_parallel(run_share, &work, (unsigned)parts, 0);
}

void gcb_set_thread_count(int count) { omp_set_num_threads(count); }

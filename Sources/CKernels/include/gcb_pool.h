// One pool of threads for everything: libgomp's, the one oneDNN runs on.
#pragma once

#include <stdint.h>

#define GCB_MAX_PARTS 256

/// Work number `part` of `parts`.
typedef void (*gcb_body)(void *context, int part, int parts);

/// Runs `body` once for each part and returns when all have finished. The caller takes part.
///
/// The pool belongs to the calling thread: call from one thread, or there will be several pools.
/// At most `GCB_MAX_PARTS` parts. Where the system grants fewer threads, each does several parts,
/// so results do not change.
void gcb_parallel(int parts, gcb_body body, void *context);

/// Tells libgomp, and so oneDNN, how many threads the calling thread's pool has.
void gcb_set_thread_count(int count);

/// The share of `count` items that part `part` of `parts` does: `[*first, *last)`.
static inline void gcb_share(
    int64_t count, int part, int parts, int64_t *first, int64_t *last) {
    *first = count * part / parts;
    *last = count * (part + 1) / parts;
}

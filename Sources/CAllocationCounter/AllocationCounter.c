#include "AllocationCounter.h"

#include <stdatomic.h>
#include <features.h>
#include <stddef.h>

static _Atomic uint64_t allocations;

uint64_t gcb_allocation_count(void) {
    return atomic_load_explicit(&allocations, memory_order_relaxed);
}

#if defined(__GLIBC__)

// The C library lets a program bring its own allocator; ours counts and passes on to the library's.
// A step is said to allocate nothing, so a benchmark has to be able to see it.

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static void count(void) { atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed); }

void *malloc(size_t size) {
    count();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count();
    return __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size) {
    count();
    return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    count();
    void *allocated = __libc_memalign(alignment, size);
    if (!allocated) return 12; // ENOMEM
    *memory = allocated;
    return 0;
}

#endif

// The loops for AVX-512.
#include "table.h"

#if defined(__x86_64__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2"))), apply_to = function)
#define GCB_LOOPS gcb_pixel_loops_avx512
#include "loops.h"
#pragma clang attribute pop
#endif

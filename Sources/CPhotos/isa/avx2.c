// The loops for AVX2.
#include "table.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define GCB_LOOPS gcb_pixel_loops_avx2
#include "loops.h"
#pragma clang attribute pop
#endif

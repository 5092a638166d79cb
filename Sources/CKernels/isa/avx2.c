// The kernels for AVX2 with FMA.
#include "table.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define GCB_KERNELS gcb_kernels_avx2
#include "kernels.h"
#pragma clang attribute pop
#endif

// The kernels for AVX-512 with products of bfloat16 pairs.
#include "table.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx2,fma"))), \
    apply_to = function)
#define GCB_HAS_PAIR_PRODUCTS 1
#define GCB_KERNELS gcb_kernels_avx512_bf16
#include "kernels.h"
#pragma clang attribute pop
#endif

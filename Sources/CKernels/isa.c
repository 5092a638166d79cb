#include "gcb_isa.h"
#include "isa/table.h"

// Negative: nothing was chosen, so the best.
static _Thread_local int selected = -1;

gcb_isa gcb_best_isa(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return __builtin_cpu_supports("avx512bf16") ? gcb_isa_avx512_bf16 : gcb_isa_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return gcb_isa_avx2;
#endif
    return gcb_isa_baseline;
}

gcb_isa gcb_select_isa(gcb_isa isa) {
    gcb_isa best = gcb_best_isa();
    gcb_isa choice = isa < best ? isa : best;
    selected = (int)choice;
    return choice;
}

gcb_isa gcb_selected_isa(void) {
    return selected < 0 ? gcb_best_isa() : (gcb_isa)selected;
}

const gcb_kernels *gcb_kernels_selected(void) {
    switch (gcb_selected_isa()) {
#if defined(__x86_64__)
    case gcb_isa_avx512_bf16: return &gcb_kernels_avx512_bf16;
    case gcb_isa_avx512: return &gcb_kernels_avx512;
    case gcb_isa_avx2: return &gcb_kernels_avx2;
#else
    case gcb_isa_avx512_bf16:
    case gcb_isa_avx512:
    case gcb_isa_avx2:
#endif
    case gcb_isa_baseline: return &gcb_kernels_baseline;
    }
}

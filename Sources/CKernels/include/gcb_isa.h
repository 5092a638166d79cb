// Which clone of the kernels runs.
#pragma once

typedef enum {
    gcb_isa_baseline = 0,  ///< what every processor of the architecture has
    gcb_isa_avx2 = 1,  ///< AVX2 and FMA
    gcb_isa_avx512 = 2,  ///< AVX-512 F, BW, DQ, VL
    gcb_isa_avx512_bf16 = 3,  ///< and products of bfloat16 pairs
} gcb_isa;

/// The best clone that this processor can run.
gcb_isa gcb_best_isa(void);

/// Chooses a clone for the kernels that the calling thread starts from now on, at most the best
/// one; returns the choice. For tests: clones round differently.
gcb_isa gcb_select_isa(gcb_isa isa);

/// The clone that the calling thread's kernels use: the best one, unless it chose another.
gcb_isa gcb_selected_isa(void);

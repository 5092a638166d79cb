// All inner loops of one instruction set. `GCB_KERNELS` names the table that is filled.

#include "vectors.h"

#include "shared.h"
#include "update.h"
#include "pointwise.h"
#include "pairs.h"
#include "narrowing.h"
#include "winograd.h"

#define GCB_STORED float
#define GCB_NAME(name) name##_float32
#include "activations.h"
#undef GCB_STORED
#undef GCB_NAME

#define GCB_STORED gcb_bfloat16
#define GCB_NAME(name) name##_bfloat16
#include "activations.h"
#undef GCB_STORED
#undef GCB_NAME

const gcb_kernels GCB_KERNELS = {
    .activations = {
        [gcb_format_float32] = &kernels_float32,
        [gcb_format_bfloat16] = &kernels_bfloat16,
    },
    .update_block = update_block,
    .update_sums = update_sums,
    .pointwise = pointwise,
    .narrow = narrow,
    .pair_product = pair_product,
    .pair_pixels = pair_pixels,
    .winograd_source = winograd_source,
    .winograd_source_pair = winograd_source_pair,
    .winograd_result = winograd_result,
    .winograd_result_pair = winograd_result_pair,
    .winograd_kernel = winograd_kernel,
    .winograd_kernel_gradient = winograd_kernel_gradient,
};

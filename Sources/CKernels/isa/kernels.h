// All inner loops of one instruction set. `GCB_KERNELS` names the table that is filled.

#include "vectors.h"

#include "shared.h"
#include "update.h"
#include "pointwise.h"

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
    .update_block = update_block,
    .update_sums = update_sums,
    .pointwise = pointwise,
};

// All inner loops of one instruction set. `GCB_KERNELS` names the table that is filled.

#include "vectors.h"

#include "slabs.h"
#include "elementwise.h"
#include "update.h"
#include "pooling.h"
#include "pointwise.h"

const gcb_kernels GCB_KERNELS = {
    .sums = slab_sums,
    .apply = slab_apply,
    .gradient_sums = slab_gradient_sums,
    .gradient_apply = slab_gradient_apply,
    .fill = slab_fill,
    .relu = relu,
    .relu_gradient = relu_gradient,
    .add = add,
    .update_block = update_block,
    .update_sums = update_sums,
    .pointwise = pointwise,
    .max_pool_row = max_pool_row,
    .average_pool_row = average_pool_row,
    .max_pool_gradient_row = max_pool_gradient_row,
    .average_pool_gradient_row = average_pool_gradient_row,
};

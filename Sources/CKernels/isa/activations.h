// The loops over activations that are stored as `GCB_STORED`; their names end in its format.
// Included once for each.

#include "slabs.h"
#include "dropout.h"
#include "elementwise.h"
#include "pooling.h"

static const gcb_activation_kernels GCB_NAME(kernels) = {
    .sums = GCB_NAME(slab_sums),
    .apply = GCB_NAME(slab_apply),
    .gradient_sums = GCB_NAME(slab_gradient_sums),
    .gradient_apply = GCB_NAME(slab_gradient_apply),
    .fill = GCB_NAME(slab_fill),
    .dropout = GCB_NAME(slab_dropout),
    .relu = GCB_NAME(relu),
    .relu_gradient = GCB_NAME(relu_gradient),
    .add = GCB_NAME(add),
    .max_pool_row = GCB_NAME(max_pool_row),
    .average_pool_row = GCB_NAME(average_pool_row),
    .max_pool_gradient_row = GCB_NAME(max_pool_gradient_row),
    .average_pool_gradient_row = GCB_NAME(average_pool_gradient_row),
};

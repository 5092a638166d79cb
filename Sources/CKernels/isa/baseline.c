// The kernels for what every processor of the architecture has.
#include "table.h"

#define GCB_KERNELS gcb_kernels_baseline
#include "kernels.h"

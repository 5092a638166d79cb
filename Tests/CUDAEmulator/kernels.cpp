#include "emulated_device.h"

#include "../../Sources/CUDAKernels/include/gcb_cuda_arguments.h"

#include "../../Sources/CUDAKernels/device/portable.cuh"

#include "../../Sources/CUDAKernels/device/dropout.cuh"

namespace {

#define GCB_FORMAT "none"
#include "../../Sources/CUDAKernels/device/covariance.cuh"
#include "../../Sources/CUDAKernels/device/losses.cuh"
#include "../../Sources/CUDAKernels/device/masks.cuh"
#include "../../Sources/CUDAKernels/device/movement.cuh"
#include "../../Sources/CUDAKernels/device/standardization.cuh"
#include "../../Sources/CUDAKernels/device/statistics.cuh"
#include "../../Sources/CUDAKernels/device/updates.cuh"
#undef GCB_FORMAT

namespace of_float32 {
typedef float activation;
#define GCB_FORMAT "float32"
#define GCB_WIDTH 4
#include "activations.h"
#undef GCB_WIDTH
#undef GCB_FORMAT
}

namespace of_bfloat16 {
typedef bfloat16 activation;
#define GCB_FORMAT "bfloat16"
#define GCB_WIDTH 8
#include "activations.h"
#undef GCB_WIDTH
#undef GCB_FORMAT
}

}

// The kernels that are compiled for each format of activations; included once for each.

#include "../../Sources/CUDAKernels/device/elementwise.cuh"

#include "../../Sources/CUDAKernels/device/channels.cuh"

#include "../../Sources/CUDAKernels/device/normalization.cuh"

#include "../../Sources/CUDAKernels/device/pooling.cuh"

#include "../../Sources/CUDAKernels/device/convolution.cuh"

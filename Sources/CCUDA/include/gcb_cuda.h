#ifndef GCB_CUDA_H
#define GCB_CUDA_H

// The few functions of the CUDA driver, NVRTC, cuBLASLt and cuDNN 9 that the backend calls, as
// tables of function pointers that are filled when the libraries are opened. Names, parameters
// and numbers are those of the libraries' documented interfaces; nothing of CUDA is needed to
// build.
//
// Every function returns 0 for success, unless it says otherwise.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// An address of device memory.
typedef unsigned long long gcb_device_address;

// MARK: - The driver (libcuda.so.1)

#define GCB_CUDA_DRIVER_FUNCTIONS(F)                                                               \
    F(int, initialize, "cuInit", (unsigned flags))                                                 \
    F(int, driverVersion, "cuDriverGetVersion", (int *version))                                    \
    F(int, deviceCount, "cuDeviceGetCount", (int *count))                                          \
    F(int, deviceGet, "cuDeviceGet", (int *device, int ordinal))                                   \
    F(int, deviceName, "cuDeviceGetName", (char *name, int length, int device))                    \
    F(int, deviceAttribute, "cuDeviceGetAttribute", (int *value, int attribute, int device))       \
    F(int, deviceMemory, "cuDeviceTotalMem_v2", (size_t *byteCount, int device))                   \
    F(int, retainContext, "cuDevicePrimaryCtxRetain", (void **context, int device))                \
    F(int, releaseContext, "cuDevicePrimaryCtxRelease_v2", (int device))                           \
    F(int, setContext, "cuCtxSetCurrent", (void *context))                                         \
    F(int, memoryInformation, "cuMemGetInfo_v2", (size_t *freeBytes, size_t *totalBytes))          \
    F(int, allocate, "cuMemAlloc_v2", (gcb_device_address *address, size_t byteCount))             \
    F(int, release, "cuMemFree_v2", (gcb_device_address address))                                  \
    F(int, allocateHost, "cuMemHostAlloc", (void **memory, size_t byteCount, unsigned flags))      \
    F(int, releaseHost, "cuMemFreeHost", (void *memory))                                           \
    F(int, copyToDevice, "cuMemcpyHtoDAsync_v2",                                                   \
      (gcb_device_address target, const void *source, size_t byteCount, void *stream))             \
    F(int, copyToHost, "cuMemcpyDtoHAsync_v2",                                                     \
      (void *target, gcb_device_address source, size_t byteCount, void *stream))                   \
    F(int, copyOnDevice, "cuMemcpyDtoDAsync_v2",                                                   \
      (gcb_device_address target, gcb_device_address source, size_t byteCount, void *stream))      \
    F(int, fill, "cuMemsetD8Async",                                                                \
      (gcb_device_address target, unsigned char byte, size_t byteCount, void *stream))             \
    F(int, createStream, "cuStreamCreate", (void **stream, unsigned flags))                        \
    F(int, destroyStream, "cuStreamDestroy_v2", (void *stream))                                    \
    F(int, synchronizeStream, "cuStreamSynchronize", (void *stream))                               \
    F(int, beginCapture, "cuStreamBeginCapture_v2", (void *stream, int mode))                      \
    F(int, endCapture, "cuStreamEndCapture", (void *stream, void **graph))                         \
    F(int, instantiateGraph, "cuGraphInstantiateWithFlags",                                        \
      (void **executable, void *graph, unsigned long long flags))                                  \
    F(int, launchGraph, "cuGraphLaunch", (void *executable, void *stream))                         \
    F(int, destroyExecutable, "cuGraphExecDestroy", (void *executable))                            \
    F(int, destroyGraph, "cuGraphDestroy", (void *graph))                                          \
    F(int, createEvent, "cuEventCreate", (void **event, unsigned flags))                           \
    F(int, recordEvent, "cuEventRecord", (void *event, void *stream))                              \
    F(int, synchronizeEvent, "cuEventSynchronize", (void *event))                                  \
    F(int, destroyEvent, "cuEventDestroy_v2", (void *event))                                       \
    F(int, loadModule, "cuModuleLoadData", (void **module, const void *image))                     \
    F(int, unloadModule, "cuModuleUnload", (void *module))                                         \
    F(int, moduleFunction, "cuModuleGetFunction",                                                  \
      (void **function, void *module, const char *name))                                           \
    F(int, launch, "cuLaunchKernel",                                                               \
      (void *function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX,            \
       unsigned blockY, unsigned blockZ, unsigned sharedByteCount, void *stream,                   \
       void **parameters, void **extra))                                                           \
    F(int, errorName, "cuGetErrorName", (int status, const char **name))                           \
    F(int, errorText, "cuGetErrorString", (int status, const char **text))

enum {
    GCB_CUDA_MULTIPROCESSOR_COUNT = 16,
    GCB_CUDA_COMPUTE_CAPABILITY_MAJOR = 75,
    GCB_CUDA_COMPUTE_CAPABILITY_MINOR = 76,
    GCB_CUDA_STREAM_NON_BLOCKING = 1,
    GCB_CUDA_EVENT_DISABLE_TIMING = 2,
    GCB_CUDA_CAPTURE_RELAXED = 2,
};

/// The statuses that get advice of their own.
enum {
    GCB_CUDA_OUT_OF_MEMORY = 2,
    GCB_CUDA_DEVICE_UNAVAILABLE = 46,
    GCB_CUDA_NO_DEVICE = 100,
    GCB_CUDA_ECC_UNCORRECTABLE = 214,
    GCB_CUDA_NVLINK_UNCORRECTABLE = 220,
    GCB_CUDA_CONTAINED = 226,
    GCB_CUDA_ILLEGAL_ADDRESS = 700,
    GCB_CUDA_LAUNCH_TIMEOUT = 702,
    GCB_CUDA_HARDWARE_STACK_ERROR = 714,
    GCB_CUDA_ILLEGAL_INSTRUCTION = 715,
    GCB_CUDA_MISALIGNED_ADDRESS = 716,
    GCB_CUDA_INVALID_PROGRAM_COUNTER = 718,
    GCB_CUDA_LAUNCH_FAILED = 719,
    GCB_CUDA_SYSTEM_NOT_READY = 802,
    GCB_CUDA_SYSTEM_DRIVER_MISMATCH = 803,
};

// MARK: - NVRTC (libnvrtc.so.12)

#define GCB_NVRTC_FUNCTIONS(F)                                                                     \
    F(int, version, "nvrtcVersion", (int *major, int *minor))                                      \
    F(int, architectureCount, "nvrtcGetNumSupportedArchs", (int *count))                           \
    F(int, architectures, "nvrtcGetSupportedArchs", (int *architectures))                          \
    F(int, createProgram, "nvrtcCreateProgram",                                                    \
      (void **program, const char *source, const char *name, int headerCount,                      \
       const char *const *headers, const char *const *headerNames))                                \
    F(int, destroyProgram, "nvrtcDestroyProgram", (void **program))                                \
    F(int, compile, "nvrtcCompileProgram",                                                         \
      (void *program, int optionCount, const char *const *options))                                \
    F(int, binaryByteCount, "nvrtcGetCUBINSize", (void *program, size_t *byteCount))               \
    F(int, binary, "nvrtcGetCUBIN", (void *program, char *bytes))                                  \
    F(int, logByteCount, "nvrtcGetProgramLogSize", (void *program, size_t *byteCount))             \
    F(int, log, "nvrtcGetProgramLog", (void *program, char *text))                                 \
    F(const char *, errorText, "nvrtcGetErrorString", (int status))

// MARK: - cuBLASLt (libcublasLt.so.12)

/// What the heuristic returns; the first member is the algorithm itself.
typedef struct {
    uint64_t algorithm[8];
    size_t workspaceByteCount;
    int status;
    float waves;
    int reserved[4];
} gcb_cublas_candidate;

#define GCB_CUBLAS_FUNCTIONS(F)                                                                    \
    F(size_t, version, "cublasLtGetVersion", (void))                                               \
    F(const char *, errorText, "cublasLtGetStatusString", (int status))                            \
    F(int, create, "cublasLtCreate", (void **handle))                                              \
    F(int, destroy, "cublasLtDestroy", (void *handle))                                             \
    F(int, createLayout, "cublasLtMatrixLayoutCreate",                                             \
      (void **layout, int type, uint64_t rows, uint64_t columns, int64_t leadingExtent))           \
    F(int, destroyLayout, "cublasLtMatrixLayoutDestroy", (void *layout))                           \
    F(int, setLayout, "cublasLtMatrixLayoutSetAttribute",                                          \
      (void *layout, int attribute, const void *value, size_t byteCount))                          \
    F(int, createProduct, "cublasLtMatmulDescCreate",                                              \
      (void **product, int computeType, int scaleType))                                            \
    F(int, destroyProduct, "cublasLtMatmulDescDestroy", (void *product))                           \
    F(int, setProduct, "cublasLtMatmulDescSetAttribute",                                           \
      (void *product, int attribute, const void *value, size_t byteCount))                         \
    F(int, createPreference, "cublasLtMatmulPreferenceCreate", (void **preference))                \
    F(int, destroyPreference, "cublasLtMatmulPreferenceDestroy", (void *preference))               \
    F(int, setPreference, "cublasLtMatmulPreferenceSetAttribute",                                  \
      (void *preference, int attribute, const void *value, size_t byteCount))                      \
    F(int, candidates, "cublasLtMatmulAlgoGetHeuristic",                                           \
      (void *handle, void *product, void *layoutA, void *layoutB, void *layoutC, void *layoutD,    \
       void *preference, int requestedCount, gcb_cublas_candidate *candidates, int *count))        \
    F(int, multiply, "cublasLtMatmul",                                                             \
      (void *handle, void *product, const void *alpha, gcb_device_address a, void *layoutA,        \
       gcb_device_address b, void *layoutB, const void *beta, gcb_device_address c, void *layoutC, \
       gcb_device_address d, void *layoutD, const void *algorithm, gcb_device_address workspace,   \
       size_t workspaceByteCount, void *stream))

enum {
    GCB_CUBLAS_FLOAT32 = 0,
    GCB_CUBLAS_BFLOAT16 = 14,
    GCB_CUBLAS_COMPUTE_FLOAT32 = 68,
    GCB_CUBLAS_COMPUTE_TF32 = 77,
    GCB_CUBLAS_BATCH_COUNT = 5,
    GCB_CUBLAS_BATCH_SPACING = 6,
    GCB_CUBLAS_TRANSPOSE_A = 3,
    GCB_CUBLAS_TRANSPOSE_B = 4,
    GCB_CUBLAS_PLAIN = 0,
    GCB_CUBLAS_TRANSPOSED = 1,
    GCB_CUBLAS_WORKSPACE_BYTES = 1,
    GCB_CUBLAS_REDUCTION_SCHEMES = 3,
    /// All that add up in an order of their own choice: through workspace, not in place.
    GCB_CUBLAS_ORDERED_REDUCTIONS = 6,
};

// MARK: - cuDNN 9 (libcudnn.so.9), its backend interface

#define GCB_CUDNN_FUNCTIONS(F)                                                                     \
    F(size_t, version, "cudnnGetVersion", (void))                                                  \
    F(const char *, errorText, "cudnnGetErrorString", (int status))                                \
    F(void, lastErrorText, "cudnnGetLastErrorString", (char *text, size_t byteCount))              \
    F(int, create, "cudnnCreate", (void **handle))                                                 \
    F(int, destroy, "cudnnDestroy", (void *handle))                                                \
    F(int, setStream, "cudnnSetStream", (void *handle, void *stream))                              \
    F(int, createDescriptor, "cudnnBackendCreateDescriptor", (int kind, void **descriptor))        \
    F(int, destroyDescriptor, "cudnnBackendDestroyDescriptor", (void *descriptor))                 \
    F(int, finalize, "cudnnBackendFinalize", (void *descriptor))                                   \
    F(int, setAttribute, "cudnnBackendSetAttribute",                                               \
      (void *descriptor, int name, int type, int64_t count, const void *elements))                 \
    F(int, getAttribute, "cudnnBackendGetAttribute",                                               \
      (void *descriptor, int name, int type, int64_t requestedCount, int64_t *count,               \
       void *elements))                                                                            \
    F(int, execute, "cudnnBackendExecute", (void *handle, void *plan, void *variants))

/// Kinds of descriptors.
enum {
    GCB_CUDNN_CONVOLUTION = 1,
    GCB_CUDNN_ENGINE = 2,
    GCB_CUDNN_ENGINE_CONFIGURATION = 3,
    GCB_CUDNN_ENGINE_HEURISTIC = 4,
    GCB_CUDNN_EXECUTION_PLAN = 5,
    GCB_CUDNN_CONVOLUTION_FORWARD = 10,
    GCB_CUDNN_CONVOLUTION_BY_WEIGHTS = 11,
    GCB_CUDNN_CONVOLUTION_BY_DATA = 12,
    GCB_CUDNN_OPERATION_GRAPH = 15,
    GCB_CUDNN_VARIANT_PACK = 16,
    GCB_CUDNN_TENSOR = 17,
};

/// Types of attributes.
enum {
    GCB_CUDNN_TYPE_HANDLE = 0,
    GCB_CUDNN_TYPE_DATA_TYPE = 1,
    GCB_CUDNN_TYPE_BOOLEAN = 2,
    GCB_CUDNN_TYPE_INT64 = 3,
    GCB_CUDNN_TYPE_FLOAT = 4,
    GCB_CUDNN_TYPE_POINTER = 6,
    GCB_CUDNN_TYPE_CONVOLUTION_MODE = 7,
    GCB_CUDNN_TYPE_HEURISTIC_MODE = 8,
    GCB_CUDNN_TYPE_NUMERICAL_NOTE = 11,
    GCB_CUDNN_TYPE_DESCRIPTOR = 15,
};

/// Attributes.
enum {
    GCB_CUDNN_CONVOLUTION_COMPUTE_TYPE = 100,
    GCB_CUDNN_CONVOLUTION_MODE = 101,
    GCB_CUDNN_CONVOLUTION_DILATIONS = 102,
    GCB_CUDNN_CONVOLUTION_STRIDES = 103,
    GCB_CUDNN_CONVOLUTION_PADDING_AFTER = 104,
    GCB_CUDNN_CONVOLUTION_PADDING_BEFORE = 105,
    GCB_CUDNN_CONVOLUTION_RANK = 106,
    GCB_CUDNN_HEURISTIC_MODE = 200,
    GCB_CUDNN_HEURISTIC_GRAPH = 201,
    GCB_CUDNN_HEURISTIC_RESULTS = 202,
    GCB_CUDNN_CONFIGURATION_ENGINE = 300,
    GCB_CUDNN_PLAN_HANDLE = 400,
    GCB_CUDNN_PLAN_CONFIGURATION = 401,
    GCB_CUDNN_PLAN_WORKSPACE = 402,
    GCB_CUDNN_FORWARD_ALPHA = 700,
    GCB_CUDNN_FORWARD_BETA = 701,
    GCB_CUDNN_FORWARD_CONVOLUTION = 702,
    GCB_CUDNN_FORWARD_W = 703,
    GCB_CUDNN_FORWARD_X = 704,
    GCB_CUDNN_FORWARD_Y = 705,
    GCB_CUDNN_BY_DATA_ALPHA = 706,
    GCB_CUDNN_BY_DATA_BETA = 707,
    GCB_CUDNN_BY_DATA_CONVOLUTION = 708,
    GCB_CUDNN_BY_DATA_W = 709,
    GCB_CUDNN_BY_DATA_DX = 710,
    GCB_CUDNN_BY_DATA_DY = 711,
    GCB_CUDNN_BY_WEIGHTS_ALPHA = 712,
    GCB_CUDNN_BY_WEIGHTS_BETA = 713,
    GCB_CUDNN_BY_WEIGHTS_CONVOLUTION = 714,
    GCB_CUDNN_BY_WEIGHTS_DW = 715,
    GCB_CUDNN_BY_WEIGHTS_X = 716,
    GCB_CUDNN_BY_WEIGHTS_DY = 717,
    GCB_CUDNN_GRAPH_HANDLE = 800,
    GCB_CUDNN_GRAPH_OPERATIONS = 801,
    GCB_CUDNN_TENSOR_ALIGNMENT = 900,
    GCB_CUDNN_TENSOR_TYPE = 901,
    GCB_CUDNN_TENSOR_EXTENTS = 902,
    GCB_CUDNN_TENSOR_STRIDES = 903,
    GCB_CUDNN_TENSOR_IDENTIFIER = 906,
    GCB_CUDNN_VARIANT_IDENTIFIERS = 1000,
    GCB_CUDNN_VARIANT_POINTERS = 1001,
    GCB_CUDNN_VARIANT_WORKSPACE = 1003,
    GCB_CUDNN_ENGINE_NUMBER = 1301,
    GCB_CUDNN_ENGINE_NOTES = 1303,
};

/// Values of attributes.
enum {
    GCB_CUDNN_FLOAT32 = 0,
    GCB_CUDNN_BFLOAT16 = 9,
    GCB_CUDNN_CROSS_CORRELATION = 1,
    GCB_CUDNN_HEURISTIC_FALLBACK = 2,
    GCB_CUDNN_HEURISTIC_BEST = 3,
    GCB_CUDNN_NOTE_TENSOR_CORE = 0,
    GCB_CUDNN_NOTE_NARROWS_INPUTS = 1,
    GCB_CUDNN_NOTE_NARROW_REDUCTION = 2,
    GCB_CUDNN_NOTE_NONDETERMINISTIC = 4,
    GCB_CUDNN_NOTE_WINOGRAD = 5,
    GCB_CUDNN_NOTE_COUNT = 10,
};

// MARK: - Tables

#ifdef __clang__
#pragma clang diagnostic push
// Which parameters may be null is the libraries' business; the functions themselves never are.
#pragma clang diagnostic ignored "-Wnullability-completeness"
#endif

#define GCB_MEMBER(Result, name, symbol, parameters) Result (*_Nonnull name) parameters;

typedef struct {
    GCB_CUDA_DRIVER_FUNCTIONS(GCB_MEMBER)
} gcb_cuda_driver;

typedef struct {
    GCB_NVRTC_FUNCTIONS(GCB_MEMBER)
} gcb_nvrtc;

typedef struct {
    GCB_CUBLAS_FUNCTIONS(GCB_MEMBER)
} gcb_cublas;

typedef struct {
    GCB_CUDNN_FUNCTIONS(GCB_MEMBER)
} gcb_cudnn;

#ifdef __clang__
#pragma clang diagnostic pop
#endif

#ifdef __cplusplus
extern "C" {
#endif

// Each fills a table from a library that `dlopen` has opened; returns the name of the first
// function that the library lacks, or null when it has all.
const char *_Nullable gcb_load_cuda_driver(void *_Nonnull library, gcb_cuda_driver *_Nonnull table);
const char *_Nullable gcb_load_nvrtc(void *_Nonnull library, gcb_nvrtc *_Nonnull table);
const char *_Nullable gcb_load_cublas(void *_Nonnull library, gcb_cublas *_Nonnull table);
const char *_Nullable gcb_load_cudnn(void *_Nonnull library, gcb_cudnn *_Nonnull table);

#ifdef __cplusplus
}
#endif

#endif

#ifndef GCB_EMULATOR_H
#define GCB_EMULATOR_H

// A CUDA device that is no device: the tables of functions that the backend calls, carried out on
// the processor. Our own kernels are the very text that NVRTC gets; cuBLASLt and cuDNN are plain
// loops. Work is put off until somebody waits for it, as on a device, so that a missing wait is
// seen; device memory ends at a page that nobody may touch.

#include "gcb_cuda.h"

#ifdef __cplusplus
extern "C" {
#endif

gcb_cuda_driver gcb_emulated_driver(void);
gcb_nvrtc gcb_emulated_nvrtc(void);
gcb_cublas gcb_emulated_cublas(void);
gcb_cudnn gcb_emulated_cudnn(void);

// What follows belongs to the calling thread.

/// Threads of a block, and blocks, run from last to first: kernels whose results depend on the
/// order have a race.
void gcb_emulator_set_reversed(bool isReversed);

/// The `countdown`-th call from now on of the function with this name returns `status`, and so do
/// all later ones; null for none.
void gcb_emulator_fail(const char *_Nullable name, int status, int countdown);

/// Bytes that may be allocated.
void gcb_emulator_set_capacity(size_t byteCount);

/// Bytes that are allocated now, and kernels launched so far: launches of a replayed graph are
/// one.
size_t gcb_emulator_allocated(void);
long long gcb_emulator_launches(void);
long long gcb_emulator_replays(void);

#ifdef __cplusplus
}
#endif

#endif

#include "gcb_cuda.h"
#include "gcb_emulator.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

// The emulated device under the names of CUDA's functions, to be opened in the place of libcuda,
// NVRTC, cuBLASLt and cuDNN: whole programs then run as if there were a GPU.
//
// GCB_EMULATED_FAILURE=cuGraphLaunch:214:50 makes the 50th call of a function, and all later ones,
// return a status.

#if defined(__x86_64__)

// A function is a jump to where its table says.
#define JUMP(Result, name, symbol, parameters)                                                     \
    extern "C" __attribute__((visibility("hidden"))) void *LIBRARY(name);                          \
    void *LIBRARY(name);                                                                           \
    asm(".text\n.globl " symbol "\n.type " symbol ", @function\n" symbol ":\n    jmp *"            \
        NAME(name) "(%rip)\n");

#define SLOT(Result, name, symbol, parameters) &LIBRARY(name),

#define TEXT(name) #name
#define EXPANDED(name) TEXT(name)
#define NAME(name) EXPANDED(LIBRARY(name))

#define LIBRARY(name) emulated_driver_##name
GCB_CUDA_DRIVER_FUNCTIONS(JUMP)
static void **driver_slots[] = {GCB_CUDA_DRIVER_FUNCTIONS(SLOT)};
#undef LIBRARY

#define LIBRARY(name) emulated_nvrtc_##name
GCB_NVRTC_FUNCTIONS(JUMP)
static void **nvrtc_slots[] = {GCB_NVRTC_FUNCTIONS(SLOT)};
#undef LIBRARY

#define LIBRARY(name) emulated_cublas_##name
GCB_CUBLAS_FUNCTIONS(JUMP)
static void **cublas_slots[] = {GCB_CUBLAS_FUNCTIONS(SLOT)};
#undef LIBRARY

#define LIBRARY(name) emulated_cudnn_##name
GCB_CUDNN_FUNCTIONS(JUMP)
static void **cudnn_slots[] = {GCB_CUDNN_FUNCTIONS(SLOT)};
#undef LIBRARY

/// A table is one pointer after the other, in the order of its slots.
template <class Table, size_t count> static void fill(void **(&slots)[count], const Table &table)
{
    static_assert(sizeof table == sizeof slots, "a pointer for each function");
    for (size_t i = 0; i < count; i++)
        memcpy(slots[i], (char *)&table + i * sizeof(void *), sizeof(void *));
}

__attribute__((constructor)) static void prepare()
{
    fill(driver_slots, gcb_emulated_driver());
    fill(nvrtc_slots, gcb_emulated_nvrtc());
    fill(cublas_slots, gcb_emulated_cublas());
    fill(cudnn_slots, gcb_emulated_cudnn());
    static char name[64];
    int status, countdown;
    const char *wish = getenv("GCB_EMULATED_FAILURE");
    if (wish && sscanf(wish, "%63[^:]:%d:%d", name, &status, &countdown) == 3)
        gcb_emulator_fail(name, status, countdown);
}

#endif

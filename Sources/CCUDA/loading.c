#include "gcb_cuda.h"

#include <dlfcn.h>
#include <string.h>

#define GCB_SYMBOL(Result, name, symbol, parameters) symbol,

static const char *const driver_symbols[] = {GCB_CUDA_DRIVER_FUNCTIONS(GCB_SYMBOL)};
static const char *const nvrtc_symbols[] = {GCB_NVRTC_FUNCTIONS(GCB_SYMBOL)};
static const char *const cublas_symbols[] = {GCB_CUBLAS_FUNCTIONS(GCB_SYMBOL)};
static const char *const cudnn_symbols[] = {GCB_CUDNN_FUNCTIONS(GCB_SYMBOL)};

/// A table is one pointer after the other, in the order of its symbols.
static const char *load(void *library, const char *const *symbols, size_t count, void *table)
{
    for (size_t i = 0; i < count; i++) {
        void *function = dlsym(library, symbols[i]);
        if (!function) return symbols[i];
        memcpy((char *)table + i * sizeof function, &function, sizeof function);
    }
    return NULL;
}

#define GCB_LOAD(symbols, table)                                                                   \
    _Static_assert(sizeof *table == sizeof symbols, "a pointer for each symbol");                  \
    return load(library, symbols, sizeof symbols / sizeof *symbols, table)

const char *gcb_load_cuda_driver(void *library, gcb_cuda_driver *table)
{
    GCB_LOAD(driver_symbols, table);
}

const char *gcb_load_nvrtc(void *library, gcb_nvrtc *table) { GCB_LOAD(nvrtc_symbols, table); }

const char *gcb_load_cublas(void *library, gcb_cublas *table) { GCB_LOAD(cublas_symbols, table); }

const char *gcb_load_cudnn(void *library, gcb_cudnn *table) { GCB_LOAD(cudnn_symbols, table); }

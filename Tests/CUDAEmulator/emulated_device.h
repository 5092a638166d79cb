#pragma once

// The names of CUDA C++ that the kernels use, for a host compiler. Every thread of a block is a
// fiber; blocks run one after the other.

#include <cmath>
#include <cstdint>
#include <cstring>

struct emulated_index {
    unsigned x, y, z;
};

struct float2 {
    float x, y;
};

/// Where the running fiber is.
struct emulated_place {
    emulated_index thread, block, grid;
};

extern thread_local emulated_place *emulated_current;

#define threadIdx (emulated_current->thread)
#define blockIdx (emulated_current->block)
#define gridDim (emulated_current->grid)

void emulated_synchronize();
float emulated_shuffle_down(float x, int distance);

#define __syncthreads emulated_synchronize
#define __shfl_down_sync(mask, x, distance) emulated_shuffle_down(x, distance)

using std::pow;
using std::sqrt;

#define GCB_DEVICE static inline
#define GCB_DEVICE_MEMBER inline
#define GCB_SHARED(Type, name, count) static thread_local Type name[count]

static inline float gcb_float_of_bits(unsigned bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/// To nearest, ties to even; a NaN is the one that the device makes.
static inline unsigned short gcb_narrow_bits(float x)
{
    unsigned bits;
    memcpy(&bits, &x, sizeof bits);
    if (x != x) return 0x7fff;
    return (bits + 0x7fffu + (bits >> 16 & 1)) >> 16;
}

/// A kernel: what a function does with its one argument.
struct emulated_kernel {
    const char *format, *name;
    size_t argument_size;
    void (*run)(const void *argument);
    emulated_kernel *next;

    emulated_kernel(
        const char *format, const char *name, size_t argument_size, void (*run)(const void *));
    static const emulated_kernel *find(const char *format, const char *name);
};

#define GCB_KERNEL(name, Arguments)                                                                \
    static void name(const Arguments &arguments);                                                  \
    static emulated_kernel name##_kernel(                                                          \
        GCB_FORMAT, #name, sizeof(Arguments),                                                      \
        [](const void *argument) { name(*(const Arguments *)argument); });                         \
    static void name(const Arguments &arguments)

/// Runs a grid of blocks of GCB_BLOCK threads; returns a CUDA status.
int emulated_run(const emulated_kernel &kernel, const void *argument, emulated_index grid);

#pragma once

#include "emulated_device.h"

/// Reads and writes float32 or bfloat16 numbers of device memory, for loops that stand for a
/// library.
struct emulated_numbers {
    void *memory;
    bool is_narrow;

    float operator[](long long i) const
    {
        if (!is_narrow) return ((const float *)memory)[i];
        return gcb_float_of_bits((unsigned)((const unsigned short *)memory)[i] << 16);
    }

    void set(long long i, float x) const
    {
        if (is_narrow) {
            ((unsigned short *)memory)[i] = gcb_narrow_bits(x);
        } else {
            ((float *)memory)[i] = x;
        }
    }
};

/// What tensor cores leave of a float32 number where a library may use them for it: eleven bits.
static inline float emulated_tf32(float x)
{
    unsigned bits;
    memcpy(&bits, &x, sizeof bits);
    return gcb_float_of_bits((bits + 0x1000u) & ~0x1fffu);
}

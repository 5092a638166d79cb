// How the numbers of an activation are stored. All arithmetic is float32.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef enum {
    gcb_format_float32 = 0,
    gcb_format_bfloat16 = 1,
} gcb_format;

/// The upper half of a float32, rounded to nearest, ties to even; every NaN is the same one.
typedef struct {
    uint16_t bits;
} gcb_bfloat16;

static inline size_t gcb_format_bytes(gcb_format format) {
    return format == gcb_format_float32 ? sizeof(float) : sizeof(gcb_bfloat16);
}

static inline gcb_bfloat16 gcb_bfloat16_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (value != value) return (gcb_bfloat16){0x7FC0};
    return (gcb_bfloat16){(uint16_t)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16)};
}

static inline float gcb_float_of(gcb_bfloat16 value) {
    uint32_t bits = (uint32_t)value.bits << 16;
    float number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

/// Element `index` of `data`.
static inline float gcb_number(gcb_format format, const void *data, int64_t index) {
    if (format == gcb_format_float32) return ((const float *)data)[index];
    return gcb_float_of(((const gcb_bfloat16 *)data)[index]);
}

/// Where element `index` of `data` lies; null where there are no data.
static inline void *gcb_at(gcb_format format, const void *data, int64_t index) {
    return data ? (char *)data + index * (int64_t)gcb_format_bytes(format) : NULL;
}

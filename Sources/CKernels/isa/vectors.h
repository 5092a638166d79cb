// Vectors of 16 floats: one register with AVX-512, two with AVX2, four with SSE or NEON. Memory
// holds them as float32 or bfloat16: what a pointer points to decides how it is read and written.
//
// Included inside the region that sets the instruction set, so that everything inlines.

// Wide vectors never cross a call here, so their calling convention does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float gcb_v __attribute__((ext_vector_type(16)));
typedef gcb_v gcb_vu __attribute__((aligned(4)));
typedef int32_t gcb_vi __attribute__((ext_vector_type(16)));
typedef uint32_t gcb_vw __attribute__((ext_vector_type(16)));
typedef gcb_vw gcb_vwu __attribute__((aligned(4)));
typedef uint16_t gcb_vh __attribute__((ext_vector_type(16)));
typedef gcb_vh gcb_vhu __attribute__((aligned(2)));
typedef gcb_vw gcb_vwu __attribute__((aligned(4), may_alias));
typedef uint16_t gcb_vh32 __attribute__((ext_vector_type(32)));
typedef double gcb_vd __attribute__((ext_vector_type(16)));
typedef gcb_vd gcb_vdu __attribute__((aligned(8)));
typedef uint8_t gcb_vb __attribute__((ext_vector_type(16)));
typedef gcb_vb gcb_vbu __attribute__((aligned(1)));

#define GCB_INLINE static inline __attribute__((always_inline))

#define GCB_OVERLOAD GCB_INLINE __attribute__((overloadable))

GCB_OVERLOAD gcb_v load(const float *p) { return *(const gcb_vu *)p; }
GCB_OVERLOAD void store(float *p, gcb_v v) { *(gcb_vu *)p = v; }

GCB_OVERLOAD gcb_v load(const gcb_bfloat16 *p) {
    return (gcb_v)(__builtin_convertvector(*(const gcb_vhu *)p, gcb_vw) << 16);
}

/// Rounded as `gcb_bfloat16_of` does, in the lower halves.
GCB_INLINE gcb_vw rounded_bits(gcb_v v) {
    gcb_vw bits = (gcb_vw)v;
    gcb_vw rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
    return v == v ? rounded : (gcb_vw)0x7FC0;
}

GCB_OVERLOAD void store(gcb_bfloat16 *p, gcb_v v) {
#if GCB_HAS_PAIR_PRODUCTS
    // The processor's own rounding flushes numbers below 2⁻¹²⁶ and keeps the payload of a NaN.
    enum { own_ways = 0x01 | 0x20 | 0x80 };
    if (__builtin_expect(_mm512_fpclass_ps_mask((__m512)v, own_ways) == 0, 1)) {
        *(__m256i_u *)p = (__m256i)_mm512_cvtneps_pbh((__m512)v);
        return;
    }
#endif
    *(gcb_vhu *)p = __builtin_convertvector(rounded_bits(v), gcb_vh);
}

/// Sixteen bfloat16 numbers as they are, in the lower halves.
GCB_INLINE gcb_vw wide(const gcb_bfloat16 *p) {
    return __builtin_convertvector(*(const gcb_vhu *)p, gcb_vw);
}

/// The numbers in the halves of pairs of bfloat16.
GCB_INLINE gcb_v lower_numbers(gcb_vw pairs) { return (gcb_v)(pairs << 16); }
GCB_INLINE gcb_v upper_numbers(gcb_vw pairs) { return (gcb_v)(pairs & 0xFFFF0000u); }

/// a₀ b₀ a₁ b₁ … of the first and of the last eight lanes.
GCB_INLINE gcb_v zipped_low(gcb_v a, gcb_v b) {
    return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
GCB_INLINE gcb_v zipped_high(gcb_v a, gcb_v b) {
    return __builtin_shufflevector(
        a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

GCB_INLINE gcb_v splat(float value) { return (gcb_v)value; }

/// `load_some` and `store_some`: the first `lanes` elements; what is read is zero beyond.
/// `load_up_to` and `store_up_to` take the short way where `lanes` is 16 or more.
#define GCB_PARTIAL_ACCESS(stored)                                                              \
    GCB_OVERLOAD gcb_v load_some(const stored *p, int64_t lanes) {                              \
        stored buffer[16] = {0};                                                                \
        for (int64_t l = 0; l < lanes; ++l) buffer[l] = p[l];                                   \
        return load(buffer);                                                                    \
    }                                                                                           \
    GCB_OVERLOAD void store_some(stored *p, gcb_v v, int64_t lanes) {                           \
        stored buffer[16];                                                                      \
        store(buffer, v);                                                                       \
        for (int64_t l = 0; l < lanes; ++l) p[l] = buffer[l];                                   \
    }                                                                                           \
    GCB_OVERLOAD gcb_v load_up_to(const stored *p, int64_t lanes) {                             \
        return lanes >= 16 ? load(p) : load_some(p, lanes);                                     \
    }                                                                                           \
    GCB_OVERLOAD void store_up_to(stored *p, gcb_v v, int64_t lanes) {                          \
        if (lanes >= 16) store(p, v);                                                           \
        else store_some(p, v, lanes);                                                           \
    }

GCB_PARTIAL_ACCESS(float)
GCB_PARTIAL_ACCESS(gcb_bfloat16)

/// All ones in the first `lanes` lanes.
GCB_INLINE gcb_vi first_lanes(int64_t lanes) {
    const gcb_vi numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return numbers < (gcb_vi)(int32_t)lanes;
}

/// v where the mask is set, else 0.
GCB_INLINE gcb_v where(gcb_vi mask, gcb_v v) { return mask ? v : (gcb_v)0.0f; }

/// total += v, in double.
GCB_INLINE void add_to(double *total, gcb_v v) {
    *(gcb_vdu *)total += __builtin_convertvector(v, gcb_vd);
}

GCB_INLINE double horizontal_sum(gcb_v v) {
    double total = 0;
    for (int l = 0; l < 16; ++l) total += (double)v[l];
    return total;
}

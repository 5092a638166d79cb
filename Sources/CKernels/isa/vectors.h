// Vectors of 16 floats: one register with AVX-512, two with AVX2, four with SSE or NEON.
//
// Included inside the region that sets the instruction set, so that everything inlines.

// Wide vectors never cross a call here, so their calling convention does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float gcb_v __attribute__((ext_vector_type(16)));
typedef gcb_v gcb_vu __attribute__((aligned(4)));
typedef int32_t gcb_vi __attribute__((ext_vector_type(16)));
typedef double gcb_vd __attribute__((ext_vector_type(16)));
typedef gcb_vd gcb_vdu __attribute__((aligned(8)));
typedef uint8_t gcb_vb __attribute__((ext_vector_type(16)));
typedef gcb_vb gcb_vbu __attribute__((aligned(1)));

#define GCB_INLINE static inline __attribute__((always_inline))

GCB_INLINE gcb_v load(const float *p) { return *(const gcb_vu *)p; }
GCB_INLINE void store(float *p, gcb_v v) { *(gcb_vu *)p = v; }
GCB_INLINE gcb_v splat(float value) { return (gcb_v)value; }

/// The first `lanes` elements; zero beyond.
GCB_INLINE gcb_v load_some(const float *p, int64_t lanes) {
    float buffer[16] = {0};
    for (int64_t l = 0; l < lanes; ++l) buffer[l] = p[l];
    return load(buffer);
}

GCB_INLINE void store_some(float *p, gcb_v v, int64_t lanes) {
    float buffer[16];
    store(buffer, v);
    for (int64_t l = 0; l < lanes; ++l) p[l] = buffer[l];
}

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

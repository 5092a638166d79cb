// What the kernels are written in: a subset of CUDA C++ that a host compiler takes too, so that
// tests run the very same text on the processor (their emulated_device.h defines the same names).

#ifdef __CUDACC__

#define GCB_DEVICE static __device__ __forceinline__
#define GCB_DEVICE_MEMBER __device__ __forceinline__
#define GCB_KERNEL(name, Arguments)                                                                \
    extern "C" __global__ void __launch_bounds__(GCB_BLOCK) name(const Arguments arguments)
#define GCB_SHARED(Type, name, count) __shared__ Type name[count]

GCB_DEVICE float gcb_float_of_bits(unsigned bits) { return __uint_as_float(bits); }

GCB_DEVICE unsigned short gcb_narrow_bits(float x)
{
    unsigned short bits;
    asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(bits) : "f"(x));
    return bits;
}

#endif

#define GCB_NOT_A_NUMBER gcb_float_of_bits(0x7fc00000u)
#define GCB_INFINITY gcb_float_of_bits(0x7f800000u)

/// The upper half of a float.
struct bfloat16 {
    unsigned short bits;
};

GCB_DEVICE float to_float(float x) { return x; }
GCB_DEVICE float to_float(bfloat16 x) { return gcb_float_of_bits((unsigned)x.bits << 16); }
GCB_DEVICE void set(float &y, float x) { y = x; }
GCB_DEVICE void set(bfloat16 &y, float x) { y.bits = gcb_narrow_bits(x); }

/// W numbers that are loaded and stored together.
template <class T, int W> struct alignas(W * sizeof(T)) pack {
    T v[W];
};

template <int W, class T> GCB_DEVICE void load(float (&x)[W], const T *source)
{
    const pack<T, W> p = *(const pack<T, W> *)source;
    for (int j = 0; j < W; j++) x[j] = to_float(p.v[j]);
}

template <int W, class T> GCB_DEVICE void store(T *target, const float (&x)[W])
{
    pack<T, W> p;
    for (int j = 0; j < W; j++) set(p.v[j], x[j]);
    *(pack<T, W> *)target = p;
}

/// The thread's number in the whole grid, for grids of one dimension.
GCB_DEVICE long long global_index()
{
    return (long long)blockIdx.x * GCB_BLOCK + threadIdx.x;
}

/// Σ x over the threads of the block, the same for all of them.
GCB_DEVICE float block_sum(float x)
{
    GCB_SHARED(float, sums, GCB_BLOCK / 32);
    for (int distance = 16; distance > 0; distance /= 2)
        x += __shfl_down_sync(0xffffffffu, x, distance);
    if (threadIdx.x % 32 == 0) sums[threadIdx.x / 32] = x;
    __syncthreads();
    float sum = 0;
    for (int warp = 0; warp < GCB_BLOCK / 32; warp++) sum += sums[warp];
    // Nobody may write the next sum before everybody has read this one.
    __syncthreads();
    return sum;
}

/// The largest x over the threads of the block; a NaN is passed over.
GCB_DEVICE float block_maximum(float x)
{
    GCB_SHARED(float, largest, GCB_BLOCK / 32);
    for (int distance = 16; distance > 0; distance /= 2)
        x = fmaxf(x, __shfl_down_sync(0xffffffffu, x, distance));
    if (threadIdx.x % 32 == 0) largest[threadIdx.x / 32] = x;
    __syncthreads();
    float maximum = largest[0];
    for (int warp = 1; warp < GCB_BLOCK / 32; warp++) maximum = fmaxf(maximum, largest[warp]);
    __syncthreads();
    return maximum;
}

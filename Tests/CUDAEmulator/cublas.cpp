#include "gcb_emulator.h"
#include "numbers.h"
#include "stream.h"

// cuBLASLt: column-major products of float32 or bfloat16 matrices, added up in float32.

namespace {

struct layout {
    int type;
    uint64_t rows, columns;
    int64_t leading;
    int count = 1;
    int64_t spacing = 0;
};

struct product {
    int compute, transposesA = 0, transposesB = 0;
};

struct preference {
    size_t workspace = 0;
    unsigned reductions = 7;
};

enum { not_supported = 15, invalid_value = 7 };

size_t version(void) { return 120900; }
const char *error_text(int) { return "CUBLAS_STATUS_INVALID_VALUE"; }
int create(void **handle) { EMULATED_CALL("cublasLtCreate"); *handle = new int; return 0; }
int destroy(void *handle) { delete (int *)handle; return 0; }

int create_layout(void **result, int type, uint64_t rows, uint64_t columns, int64_t leading)
{
    if (leading < (int64_t)rows) return invalid_value;
    *result = new layout{type, rows, columns, leading};
    return 0;
}

int destroy_layout(void *it) { delete (layout *)it; return 0; }

int set_layout(void *it, int attribute, const void *value, size_t byteCount)
{
    layout *matrices = (layout *)it;
    if (attribute == GCB_CUBLAS_BATCH_COUNT && byteCount == 4) {
        matrices->count = *(const int *)value;
    } else if (attribute == GCB_CUBLAS_BATCH_SPACING && byteCount == 8) {
        matrices->spacing = *(const int64_t *)value;
    } else {
        return invalid_value;
    }
    return 0;
}

int create_product(void **result, int compute, int)
{
    *result = new product{compute};
    return 0;
}

int destroy_product(void *it) { delete (product *)it; return 0; }

int set_product(void *it, int attribute, const void *value, size_t byteCount)
{
    if (byteCount != sizeof(int)) return invalid_value;
    if (attribute == GCB_CUBLAS_TRANSPOSE_A) ((product *)it)->transposesA = *(const int *)value;
    if (attribute == GCB_CUBLAS_TRANSPOSE_B) ((product *)it)->transposesB = *(const int *)value;
    return 0;
}

int create_preference(void **result) { *result = new preference; return 0; }
int destroy_preference(void *it) { delete (preference *)it; return 0; }

int set_preference(void *it, int attribute, const void *value, size_t)
{
    preference *wish = (preference *)it;
    if (attribute == GCB_CUBLAS_WORKSPACE_BYTES) wish->workspace = *(const uint64_t *)value;
    if (attribute == GCB_CUBLAS_REDUCTION_SCHEMES) wish->reductions = *(const uint32_t *)value;
    return 0;
}

/// One algorithm; it has none for a single row, as a library may.
int candidates(
    void *, void *, void *, void *, void *, void *layoutD, void *wish, int,
    gcb_cublas_candidate *list, int *count)
{
    const layout &d = *(layout *)layoutD;
    *count = 0;
    if (d.rows == 1) return not_supported;
    *count = 1;
    list[0] = {};
    list[0].algorithm[0] = ((preference *)wish)->reductions;
    list[0].workspaceByteCount = ((preference *)wish)->workspace;
    return 0;
}

/// One matrix of a batch.
emulated_numbers matrix(gcb_device_address first, const layout &l, int number)
{
    const bool is_narrow = l.type == GCB_CUBLAS_BFLOAT16;
    return {(char *)first + number * l.spacing * (is_narrow ? 2 : 4), is_narrow};
}

int multiply(
    void *, void *it, const void *alpha, gcb_device_address a, void *layoutA, gcb_device_address b,
    void *layoutB, const void *beta, gcb_device_address c, void *layoutC, gcb_device_address d,
    void *layoutD, const void *algorithm, gcb_device_address workspace, size_t workspaceByteCount,
    void *stream)
{
    EMULATED_CALL("cublasLtMatmul");
    const product p = *(product *)it;
    const layout la = *(layout *)layoutA, lb = *(layout *)layoutB;
    const layout lc = *(layout *)layoutC, ld = *(layout *)layoutD;
    const float scale = *(const float *)alpha, share = *(const float *)beta;
    if (!algorithm) return not_supported;
    const uint64_t inner = p.transposesA ? la.rows : la.columns;
    if ((p.transposesA ? la.columns : la.rows) != ld.rows
        || (p.transposesB ? lb.columns : lb.rows) != inner
        || (p.transposesB ? lb.rows : lb.columns) != ld.columns || lc.rows != ld.rows
        || lc.columns != ld.columns || la.count != ld.count || lb.count != ld.count
        || lc.count != ld.count)
        return invalid_value;
    emulated_enqueue(stream, [=] {
        // Whatever lies in the workspace is the library's to overwrite.
        memset((void *)workspace, 0xee, workspaceByteCount);
        const bool is_coarse = p.compute == GCB_CUBLAS_COMPUTE_TF32;
        for (int number = 0; number < ld.count; number++) {
            const emulated_numbers na = matrix(a, la, number), nb = matrix(b, lb, number);
            const emulated_numbers nc = matrix(c, lc, number), nd = matrix(d, ld, number);
            for (uint64_t n = 0; n < ld.columns; n++) {
                for (uint64_t m = 0; m < ld.rows; m++) {
                    float sum = 0;
                    for (uint64_t k = 0; k < inner; k++) {
                        const float x = na[p.transposesA ? k + m * la.leading : m + k * la.leading];
                        const float y = nb[p.transposesB ? n + k * lb.leading : k + n * lb.leading];
                        sum += is_coarse ? emulated_tf32(x) * emulated_tf32(y) : x * y;
                    }
                    sum *= scale;
                    if (share != 0) sum += share * nc[m + n * lc.leading];
                    nd.set(m + n * ld.leading, sum);
                }
            }
        }
        return 0;
    });
    return 0;
}

}

extern "C" gcb_cublas gcb_emulated_cublas(void)
{
    return {version,        error_text,        create,         destroy,
            create_layout,  destroy_layout,    set_layout,     create_product,
            destroy_product, set_product,      create_preference, destroy_preference,
            set_preference, candidates,        multiply};
}

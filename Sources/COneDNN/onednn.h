// oneDNN 2.6 and 3.x behind one face.
//
// The two differ in how a primitive is described (2.x: an operation descriptor first; 3.x: the
// primitive descriptor at once) and in what a memory descriptor is (2.x: a struct; 3.x: a handle).
// Here a tensor is a plain value, named by oneDNN's format tag, and a primitive descriptor is
// created in one call, as in 3.x. Everything else (engines, streams, primitives, memories) is the
// same in both and used directly.
#pragma once

#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_debug.h>
#include <oneapi/dnnl/dnnl_version.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define GCB_MAX_RANK 6

/// A tensor as a primitive sees it. `tag` may be `dnnl_format_tag_any`: the library chooses.
/// `rank` 0 stands for no tensor (a convolution without bias).
typedef struct {
    int32_t rank;
    int64_t dims[GCB_MAX_RANK];
    dnnl_data_type_t type;
    dnnl_format_tag_t tag;
} gcb_tensor;

/// Where the elements of a tensor lie: the strides between blocks (in elements), then the dense
/// inner blocks, outermost first.
typedef struct {
    int64_t padded_dims[GCB_MAX_RANK];
    int64_t strides[GCB_MAX_RANK];
    int32_t inner_count;
    int64_t inner_blocks[GCB_MAX_RANK];
    int64_t inner_axes[GCB_MAX_RANK];
    size_t bytes;
} gcb_layout;

/// The window of a convolution, height then width. `dilation` 1 means dense.
typedef struct {
    int64_t stride[2];
    int64_t dilation[2];
    int64_t padding_low[2];
    int64_t padding_high[2];
} gcb_window;

// MARK: Versions

/// major · 10000 + minor · 100 + patch of the headers this was compiled with.
static inline int gcb_dnn_header_version(void) {
    return DNNL_VERSION_MAJOR * 10000 + DNNL_VERSION_MINOR * 100 + DNNL_VERSION_PATCH;
}

/// The same of the library that is loaded.
static inline int gcb_dnn_library_version(void) {
    const dnnl_version_t *version = dnnl_version();
    return version->major * 10000 + version->minor * 100 + version->patch;
}

/// Whether the library loaded speaks the interface of the headers: same major, not older.
static inline bool gcb_dnn_versions_match(void) {
    int header = gcb_dnn_header_version(), library = gcb_dnn_library_version();
    return header / 10000 == library / 10000 && header / 100 <= library / 100;
}

// MARK: Memory descriptors

#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t gcb_md;
typedef const_dnnl_memory_desc_t gcb_const_md;
#define GCB_MD_REF(md) (md)
#define GCB_MD_EMPTY NULL
#else
typedef dnnl_memory_desc_t gcb_md;
typedef const dnnl_memory_desc_t *gcb_const_md;
#define GCB_MD_REF(md) ((md).ndims ? &(md) : NULL)
#define GCB_MD_EMPTY ((dnnl_memory_desc_t){0})
#endif

static inline dnnl_status_t gcb_md_create(gcb_md *md, const gcb_tensor *tensor) {
    *md = GCB_MD_EMPTY;
    if (tensor->rank == 0) return dnnl_success;
#if DNNL_VERSION_MAJOR >= 3
    return dnnl_memory_desc_create_with_tag(
        md, tensor->rank, tensor->dims, tensor->type, tensor->tag);
#else
    return dnnl_memory_desc_init_by_tag(
        md, tensor->rank, tensor->dims, tensor->type, tensor->tag);
#endif
}

static inline void gcb_md_destroy(gcb_md *md) {
#if DNNL_VERSION_MAJOR >= 3
    if (*md) dnnl_memory_desc_destroy(*md);
#endif
    *md = GCB_MD_EMPTY;
}

/// Reads a descriptor's layout; false where it is not one of plain blocks.
static inline bool gcb_md_layout(gcb_const_md md, gcb_layout *layout) {
    memset(layout, 0, sizeof *layout);
    layout->bytes = dnnl_memory_desc_get_size(md);
#if DNNL_VERSION_MAJOR >= 3
    int32_t rank = 0, inner = 0;
    dnnl_format_kind_t kind = dnnl_format_kind_undef;
    dnnl_dims_t *padded = NULL, *strides = NULL, *blocks = NULL, *axes = NULL;
    if (dnnl_memory_desc_query(md, dnnl_query_format_kind, &kind) != dnnl_success) return false;
    if (kind != dnnl_blocked) return false;
    dnnl_memory_desc_query(md, dnnl_query_ndims_s32, &rank);
    dnnl_memory_desc_query(md, dnnl_query_padded_dims, &padded);
    dnnl_memory_desc_query(md, dnnl_query_strides, &strides);
    dnnl_memory_desc_query(md, dnnl_query_inner_nblks_s32, &inner);
    dnnl_memory_desc_query(md, dnnl_query_inner_blks, &blocks);
    dnnl_memory_desc_query(md, dnnl_query_inner_idxs, &axes);
    if (rank > GCB_MAX_RANK || inner > GCB_MAX_RANK) return false;
    const int64_t *p = *padded, *s = *strides, *b = inner ? *blocks : NULL,
                  *a = inner ? *axes : NULL;
#else
    if (md->format_kind != dnnl_blocked || md->extra.flags != 0) return false;
    int32_t rank = md->ndims, inner = md->format_desc.blocking.inner_nblks;
    if (rank > GCB_MAX_RANK || inner > GCB_MAX_RANK) return false;
    const int64_t *p = md->padded_dims, *s = md->format_desc.blocking.strides,
                  *b = md->format_desc.blocking.inner_blks,
                  *a = md->format_desc.blocking.inner_idxs;
#endif
    layout->inner_count = inner;
    for (int32_t i = 0; i < rank; ++i) {
        layout->padded_dims[i] = p[i];
        layout->strides[i] = s[i];
    }
    for (int32_t i = 0; i < inner; ++i) {
        layout->inner_blocks[i] = b[i];
        layout->inner_axes[i] = a[i];
    }
    return true;
}

/// The layout that a tensor's tag gives it; false where the tag does not fit its rank.
static inline bool gcb_dnn_layout(const gcb_tensor *tensor, gcb_layout *layout) {
    gcb_md md;
    if (gcb_md_create(&md, tensor) != dnnl_success) return false;
    bool found = tensor->rank != 0 && gcb_md_layout(GCB_MD_REF(md), layout);
    gcb_md_destroy(&md);
    return found;
}

/// Whether two layouts put every element at the same place. The stride of an axis with a single
/// block says nothing, so it is not compared.
static inline bool gcb_layouts_agree(const gcb_layout *a, const gcb_layout *b, int32_t rank) {
    if (a->inner_count != b->inner_count) return false;
    for (int32_t i = 0; i < a->inner_count; ++i)
        if (a->inner_blocks[i] != b->inner_blocks[i] || a->inner_axes[i] != b->inner_axes[i])
            return false;
    for (int32_t i = 0; i < rank; ++i) {
        if (a->padded_dims[i] != b->padded_dims[i]) return false;
        int64_t blocks = a->padded_dims[i];
        for (int32_t j = 0; j < a->inner_count; ++j)
            if (a->inner_axes[j] == i) blocks /= a->inner_blocks[j];
        if (blocks > 1 && a->strides[i] != b->strides[i]) return false;
    }
    return true;
}

/// Names the layout of a descriptor: the first of oneDNN's tags, in their own order, that puts
/// every element at the same place; so one layout always has one name.
/// `dnnl_format_tag_undef` where there is none.
static inline dnnl_format_tag_t gcb_md_tag(gcb_const_md md, gcb_tensor tensor) {
    gcb_layout wanted, candidate;
    if (!gcb_md_layout(md, &wanted)) return dnnl_format_tag_undef;
    for (int tag = dnnl_format_tag_any + 1; tag < dnnl_format_tag_last; ++tag) {
        tensor.tag = (dnnl_format_tag_t)tag;
        if (gcb_dnn_layout(&tensor, &candidate)
            && gcb_layouts_agree(&wanted, &candidate, tensor.rank))
            return tensor.tag;
    }
    return dnnl_format_tag_undef;
}

/// The tag of a name in oneDNN's notation (`aBcd16b`), or `dnnl_format_tag_undef`.
static inline dnnl_format_tag_t gcb_dnn_tag(const char *name) {
    for (int tag = dnnl_format_tag_any; tag < dnnl_format_tag_last; ++tag)
        if (strcmp(dnnl_fmt_tag2str((dnnl_format_tag_t)tag), name) == 0)
            return (dnnl_format_tag_t)tag;
    return dnnl_format_tag_undef;
}

static inline dnnl_status_t gcb_dnn_memory_create(
    dnnl_memory_t *memory, const gcb_tensor *tensor, dnnl_engine_t engine, void *data) {
    gcb_md md;
    dnnl_status_t status = gcb_md_create(&md, tensor);
    if (status != dnnl_success) return status;
    status = dnnl_memory_create(memory, GCB_MD_REF(md), engine, data);
    gcb_md_destroy(&md);
    return status;
}

// MARK: What a primitive descriptor chose

/// The tensor that a primitive wants in one of its places, its layout named;
/// `tag` is `dnnl_format_tag_undef` where the layout has no name.
static inline gcb_tensor gcb_dnn_chosen(
    const_dnnl_primitive_desc_t descriptor, dnnl_query_t place, gcb_tensor tensor) {
    gcb_const_md md = dnnl_primitive_desc_query_md(descriptor, place, 0);
    tensor.tag = md ? gcb_md_tag(md, tensor) : dnnl_format_tag_undef;
    return tensor;
}

/// Bytes of a place that has no logical shape: scratchpad or workspace.
static inline size_t gcb_dnn_bytes(const_dnnl_primitive_desc_t descriptor, dnnl_query_t place) {
    gcb_const_md md = dnnl_primitive_desc_query_md(descriptor, place, 0);
    return md ? dnnl_memory_desc_get_size(md) : 0;
}

/// A memory for such a place.
static inline dnnl_status_t gcb_dnn_place_memory_create(
    dnnl_memory_t *memory, const_dnnl_primitive_desc_t descriptor, dnnl_query_t place,
    dnnl_engine_t engine, void *data) {
    return dnnl_memory_create(
        memory, dnnl_primitive_desc_query_md(descriptor, place, 0), engine, data);
}

static inline const char *gcb_dnn_implementation(const_dnnl_primitive_desc_t descriptor) {
    const char *name = NULL;
    dnnl_primitive_desc_query(descriptor, dnnl_query_impl_info_str, 0, (void *)&name);
    return name ? name : "unknown";
}

// MARK: Attributes

/// result += what the result's memory held before, if `adds`; then max(result, 0), if `rectifies`.
static inline dnnl_status_t gcb_dnn_append_epilogue(
    dnnl_post_ops_t operations, bool adds, bool rectifies) {
    dnnl_status_t status = dnnl_success;
#if DNNL_VERSION_MAJOR >= 3
    if (adds) status = dnnl_post_ops_append_sum(operations, 1, 0, dnnl_data_type_undef);
    if (rectifies && status == dnnl_success)
        status = dnnl_post_ops_append_eltwise(operations, dnnl_eltwise_relu, 0, 0);
#else
    if (adds) status = dnnl_post_ops_append_sum(operations, 1);
    if (rectifies && status == dnnl_success)
        status = dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, 0, 0);
#endif
    return status;
}

/// Attributes with a scratchpad that the caller provides, and an epilogue.
static inline dnnl_status_t gcb_dnn_attributes_create(
    dnnl_primitive_attr_t *attributes, bool adds, bool rectifies) {
    dnnl_post_ops_t operations = NULL;
    dnnl_status_t status = dnnl_primitive_attr_create(attributes);
    if (status == dnnl_success)
        status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
    if (status != dnnl_success || (!adds && !rectifies)) return status;
    status = dnnl_post_ops_create(&operations);
    if (status == dnnl_success) status = gcb_dnn_append_epilogue(operations, adds, rectifies);
    // The attributes keep a copy.
    if (status == dnnl_success)
        status = dnnl_primitive_attr_set_post_ops(*attributes, operations);
    dnnl_post_ops_destroy(operations);
    return status;
}

// MARK: Primitive descriptors

/// Up to four tensors made into descriptors at once, and given back together.
typedef struct {
    gcb_md md[4];
} gcb_md_set;

static inline dnnl_status_t gcb_md_set_create(
    gcb_md_set *set, const gcb_tensor *const *tensors, int count) {
    dnnl_status_t status = dnnl_success;
    for (int i = 0; i < 4; ++i) set->md[i] = GCB_MD_EMPTY;
    for (int i = 0; i < count && status == dnnl_success; ++i)
        status = gcb_md_create(&set->md[i], tensors[i]);
    return status;
}

static inline void gcb_md_set_destroy(gcb_md_set *set) {
    for (int i = 0; i < 4; ++i) gcb_md_destroy(&set->md[i]);
}

/// oneDNN counts the gaps of a dilation, not the distance.
static inline void gcb_dilation_gaps(const gcb_window *window, dnnl_dims_t gaps) {
    for (int i = 0; i < 2; ++i) gaps[i] = window->dilation[i] - 1;
}

/// result = source ∗ weights + bias; `bias->rank` 0 for none.
static inline dnnl_status_t gcb_dnn_convolution_forward(
    dnnl_primitive_desc_t *descriptor, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    const gcb_tensor *source, const gcb_tensor *weights, const gcb_tensor *bias,
    const gcb_tensor *result, const gcb_window *window, const_dnnl_primitive_attr_t attributes) {
    gcb_md_set set;
    dnnl_dims_t gaps;
    const gcb_tensor *tensors[4] = {source, weights, bias, result};
    gcb_dilation_gaps(window, gaps);
    dnnl_status_t status = gcb_md_set_create(&set, tensors, 4);
    if (status == dnnl_success) {
#if DNNL_VERSION_MAJOR >= 3
        status = dnnl_convolution_forward_primitive_desc_create(
            descriptor, engine, dnnl_forward_training, algorithm, set.md[0], set.md[1], set.md[2],
            set.md[3], window->stride, gaps, window->padding_low, window->padding_high,
            attributes);
#else
        dnnl_convolution_desc_t operation;
        status = dnnl_dilated_convolution_forward_desc_init(
            &operation, dnnl_forward_training, algorithm, &set.md[0], &set.md[1],
            GCB_MD_REF(set.md[2]), &set.md[3], window->stride, gaps, window->padding_low,
            window->padding_high);
        if (status == dnnl_success)
            status = dnnl_primitive_desc_create(descriptor, &operation, attributes, engine, NULL);
#endif
    }
    gcb_md_set_destroy(&set);
    return status;
}

/// The gradient by the source.
static inline dnnl_status_t gcb_dnn_convolution_backward_data(
    dnnl_primitive_desc_t *descriptor, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    const gcb_tensor *source_gradient,
    const gcb_tensor *weights, const gcb_tensor *result_gradient, const gcb_window *window,
    const_dnnl_primitive_desc_t forward, const_dnnl_primitive_attr_t attributes) {
    gcb_md_set set;
    dnnl_dims_t gaps;
    const gcb_tensor *tensors[3] = {source_gradient, weights, result_gradient};
    gcb_dilation_gaps(window, gaps);
    dnnl_status_t status = gcb_md_set_create(&set, tensors, 3);
    if (status == dnnl_success) {
#if DNNL_VERSION_MAJOR >= 3
        status = dnnl_convolution_backward_data_primitive_desc_create(
            descriptor, engine, algorithm, set.md[0], set.md[1], set.md[2],
            window->stride, gaps, window->padding_low, window->padding_high, forward, attributes);
#else
        dnnl_convolution_desc_t operation;
        status = dnnl_dilated_convolution_backward_data_desc_init(
            &operation, algorithm, &set.md[0], &set.md[1], &set.md[2],
            window->stride, gaps, window->padding_low, window->padding_high);
        if (status == dnnl_success)
            status = dnnl_primitive_desc_create(
                descriptor, &operation, attributes, engine, forward);
#endif
    }
    gcb_md_set_destroy(&set);
    return status;
}

/// The gradients by the weights and, where `bias_gradient->rank` is not 0, by the bias.
static inline dnnl_status_t gcb_dnn_convolution_backward_weights(
    dnnl_primitive_desc_t *descriptor, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    const gcb_tensor *source, const gcb_tensor *weights_gradient, const gcb_tensor *bias_gradient,
    const gcb_tensor *result_gradient, const gcb_window *window,
    const_dnnl_primitive_desc_t forward, const_dnnl_primitive_attr_t attributes) {
    gcb_md_set set;
    dnnl_dims_t gaps;
    const gcb_tensor *tensors[4] = {source, weights_gradient, bias_gradient, result_gradient};
    gcb_dilation_gaps(window, gaps);
    dnnl_status_t status = gcb_md_set_create(&set, tensors, 4);
    if (status == dnnl_success) {
#if DNNL_VERSION_MAJOR >= 3
        status = dnnl_convolution_backward_weights_primitive_desc_create(
            descriptor, engine, algorithm, set.md[0], set.md[1], set.md[2],
            set.md[3], window->stride, gaps, window->padding_low, window->padding_high, forward,
            attributes);
#else
        dnnl_convolution_desc_t operation;
        status = dnnl_dilated_convolution_backward_weights_desc_init(
            &operation, algorithm, &set.md[0], &set.md[1], GCB_MD_REF(set.md[2]),
            &set.md[3], window->stride, gaps, window->padding_low, window->padding_high);
        if (status == dnnl_success)
            status = dnnl_primitive_desc_create(
                descriptor, &operation, attributes, engine, forward);
#endif
    }
    gcb_md_set_destroy(&set);
    return status;
}

/// The same numbers in another layout or format.
static inline dnnl_status_t gcb_dnn_reorder(
    dnnl_primitive_desc_t *descriptor, dnnl_engine_t engine, const gcb_tensor *source,
    const gcb_tensor *result, const_dnnl_primitive_attr_t attributes) {
    gcb_md_set set;
    const gcb_tensor *tensors[2] = {source, result};
    dnnl_status_t status = gcb_md_set_create(&set, tensors, 2);
    if (status == dnnl_success)
        status = dnnl_reorder_primitive_desc_create(
            descriptor, GCB_MD_REF(set.md[0]), engine, GCB_MD_REF(set.md[1]), engine, attributes);
    gcb_md_set_destroy(&set);
    return status;
}

#include "gcb_emulator.h"
#include "numbers.h"
#include "stream.h"

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

// cuDNN's backend interface for one convolution at a time. Descriptors keep what they are told;
// finalizing checks it as the library does. Heuristics offer engines that a careful caller must
// refuse before the one that it may take.

namespace {

enum {
    bad_parameter = 2000,
    not_finalized = 2004,
    too_small = 2006,
    attribute_type = 2010,
    not_supported = 3000,
};

thread_local std::string last_error;

int refused(int status, const std::string &text)
{
    last_error = text;
    return status;
}

struct attribute {
    int type;
    std::vector<int64_t> numbers;
    std::vector<void *> pointers;
    double fraction = 0;
};

struct descriptor {
    int kind;
    bool is_final = false;
    std::map<int, attribute> attributes;

    const attribute *get(int name, int type, size_t count) const
    {
        const auto found = attributes.find(name);
        if (found == attributes.end() || found->second.type != type) return nullptr;
        const size_t size = found->second.numbers.size() + found->second.pointers.size()
                            + (type == GCB_CUDNN_TYPE_FLOAT);
        return count == 0 || size == count ? &found->second : nullptr;
    }

    const descriptor *child(int name) const
    {
        const attribute *found = get(name, GCB_CUDNN_TYPE_DESCRIPTOR, 1);
        return found ? (const descriptor *)found->pointers[0] : nullptr;
    }
};

// MARK: - What a finalized descriptor says

/// A 4-dimensional tensor in its own strides.
struct tensor {
    int64_t identifier, extents[4], strides[4];
    bool is_narrow;

    int64_t place(int64_t a, int64_t b, int64_t c, int64_t d) const
    {
        return a * strides[0] + b * strides[1] + c * strides[2] + d * strides[3];
    }

    int64_t count() const { return extents[0] * extents[1] * extents[2] * extents[3]; }
};

bool read(const descriptor *it, tensor &tensor)
{
    if (!it || it->kind != GCB_CUDNN_TENSOR || !it->is_final) return false;
    for (int axis = 0; axis < 4; axis++) {
        tensor.extents[axis] =
            it->get(GCB_CUDNN_TENSOR_EXTENTS, GCB_CUDNN_TYPE_INT64, 4)->numbers[axis];
        tensor.strides[axis] =
            it->get(GCB_CUDNN_TENSOR_STRIDES, GCB_CUDNN_TYPE_INT64, 4)->numbers[axis];
    }
    tensor.identifier =
        it->get(GCB_CUDNN_TENSOR_IDENTIFIER, GCB_CUDNN_TYPE_INT64, 1)->numbers[0];
    tensor.is_narrow = it->get(GCB_CUDNN_TENSOR_TYPE, GCB_CUDNN_TYPE_DATA_TYPE, 1)->numbers[0]
                       == GCB_CUDNN_BFLOAT16;
    return true;
}

/// One convolution, in any direction.
struct problem {
    int kind;
    tensor x, w, y;
    int64_t stride, padding, groups;
    const tensor &result() const
    {
        return kind == GCB_CUDNN_CONVOLUTION_FORWARD   ? y
               : kind == GCB_CUDNN_CONVOLUTION_BY_DATA ? x
                                                       : w;
    }
};

int64_t extent(int64_t extent, int64_t kernel, const problem &p)
{
    return (extent + 2 * p.padding - kernel) / p.stride + 1;
}

/// The names of attributes of the three directions: alpha, beta, convolution, x, w, y.
const int *names(int kind)
{
    static const int forward[] = {
        GCB_CUDNN_FORWARD_ALPHA, GCB_CUDNN_FORWARD_BETA, GCB_CUDNN_FORWARD_CONVOLUTION,
        GCB_CUDNN_FORWARD_X, GCB_CUDNN_FORWARD_W, GCB_CUDNN_FORWARD_Y};
    static const int by_data[] = {
        GCB_CUDNN_BY_DATA_ALPHA, GCB_CUDNN_BY_DATA_BETA, GCB_CUDNN_BY_DATA_CONVOLUTION,
        GCB_CUDNN_BY_DATA_DX, GCB_CUDNN_BY_DATA_W, GCB_CUDNN_BY_DATA_DY};
    static const int by_weights[] = {
        GCB_CUDNN_BY_WEIGHTS_ALPHA, GCB_CUDNN_BY_WEIGHTS_BETA, GCB_CUDNN_BY_WEIGHTS_CONVOLUTION,
        GCB_CUDNN_BY_WEIGHTS_X, GCB_CUDNN_BY_WEIGHTS_DW, GCB_CUDNN_BY_WEIGHTS_DY};
    switch (kind) {
    case GCB_CUDNN_CONVOLUTION_FORWARD: return forward;
    case GCB_CUDNN_CONVOLUTION_BY_DATA: return by_data;
    case GCB_CUDNN_CONVOLUTION_BY_WEIGHTS: return by_weights;
    default: return nullptr;
    }
}

bool read(const descriptor *it, problem &p)
{
    const int *attributes = it ? names(it->kind) : nullptr;
    if (!attributes) return false;
    const attribute *alpha = it->get(attributes[0], GCB_CUDNN_TYPE_FLOAT, 1);
    const attribute *beta = it->get(attributes[1], GCB_CUDNN_TYPE_FLOAT, 1);
    const descriptor *convolution = it->child(attributes[2]);
    if (!alpha || alpha->fraction != 1 || !beta || beta->fraction != 0 || !convolution
        || !convolution->is_final || !read(it->child(attributes[3]), p.x)
        || !read(it->child(attributes[4]), p.w) || !read(it->child(attributes[5]), p.y))
        return false;
    p.kind = it->kind;
    const auto number = [&](int name) {
        return convolution->get(name, GCB_CUDNN_TYPE_INT64, 2)->numbers[0];
    };
    p.stride = number(GCB_CUDNN_CONVOLUTION_STRIDES);
    p.padding = number(GCB_CUDNN_CONVOLUTION_PADDING_BEFORE);
    p.groups = p.w.extents[1] ? p.x.extents[1] / p.w.extents[1] : 0;
    return p.x.extents[0] == p.y.extents[0] && p.w.extents[0] == p.y.extents[1] && p.groups > 0
           && p.groups * p.w.extents[1] == p.x.extents[1]
           && p.y.extents[2] == extent(p.x.extents[2], p.w.extents[2], p)
           && p.y.extents[3] == extent(p.x.extents[3], p.w.extents[3], p);
}

// MARK: - Engines

/// In the order of the heuristic; only the last may be taken without asking for speed.
enum engine { nondeterministic, coarse, greedy, sound, engine_count };

constexpr int64_t greedy_workspace = (int64_t)1 << 40, sound_workspace = 4096;

/// As a library has nothing for some shapes: depthwise kernels here.
int engines(const problem &p)
{
    return p.groups == p.x.extents[1] && p.groups > 1 ? 0 : engine_count;
}

void convolve(const problem &p, engine engine, void *x, void *w, void *y)
{
    const emulated_numbers nx = {x, p.x.is_narrow}, nw = {w, p.w.is_narrow};
    const emulated_numbers ny = {y, p.y.is_narrow};
    const auto value = [&](float number) {
        return engine == coarse ? emulated_tf32(number) : number;
    };
    const int64_t *ex = p.x.extents, *ew = p.w.extents, *ey = p.y.extents;
    std::vector<float> sums(p.result().count());
    // Dense positions in the sums: the logical order of the result.
    const auto dense = [](const int64_t *e, int64_t a, int64_t b, int64_t c, int64_t d) {
        return ((a * e[1] + b) * e[2] + c) * e[3] + d;
    };
    for (int64_t n = 0; n < ey[0]; n++)
    for (int64_t row = 0; row < ey[2]; row++)
    for (int64_t column = 0; column < ey[3]; column++)
    for (int64_t ky = 0; ky < ew[2]; ky++)
    for (int64_t kx = 0; kx < ew[3]; kx++) {
        const int64_t iy = row * p.stride + ky - p.padding, ix = column * p.stride + kx - p.padding;
        if (iy < 0 || iy >= ex[2] || ix < 0 || ix >= ex[3]) continue;
        for (int64_t o = 0; o < ew[0]; o++) {
            const int64_t first = o / (ew[0] / p.groups) * ew[1];
            for (int64_t i = 0; i < ew[1]; i++) {
                const int64_t ax = p.x.place(n, first + i, iy, ix), aw = p.w.place(o, i, ky, kx);
                const int64_t ay = p.y.place(n, o, row, column);
                switch (p.kind) {
                case GCB_CUDNN_CONVOLUTION_FORWARD:
                    sums[dense(ey, n, o, row, column)] += value(nx[ax]) * value(nw[aw]);
                    break;
                case GCB_CUDNN_CONVOLUTION_BY_DATA:
                    sums[dense(ex, n, first + i, iy, ix)] += value(nw[aw]) * value(ny[ay]);
                    break;
                default: sums[dense(ew, o, i, ky, kx)] += value(nx[ax]) * value(ny[ay]);
                }
            }
        }
    }
    const tensor &result = p.result();
    const emulated_numbers &target = &result == &p.x ? nx : &result == &p.w ? nw : ny;
    const int64_t *e = result.extents;
    for (int64_t a = 0; a < e[0]; a++)
    for (int64_t b = 0; b < e[1]; b++)
    for (int64_t c = 0; c < e[2]; c++)
    for (int64_t d = 0; d < e[3]; d++)
        target.set(result.place(a, b, c, d), sums[dense(e, a, b, c, d)]);
}

// MARK: - The functions

size_t version(void) { return 91000; }
const char *error_text(int) { return "CUDNN_STATUS_BAD_PARAM"; }
void last_error_text(char *text, size_t byteCount)
{
    snprintf(text, byteCount, "%s", last_error.c_str());
}

struct handle {
    void *stream = nullptr;
};

int create(void **result) { EMULATED_CALL("cudnnCreate"); *result = new handle; return 0; }
int destroy(void *it) { delete (handle *)it; return 0; }
int set_stream(void *it, void *stream) { ((handle *)it)->stream = stream; return 0; }

int create_descriptor(int kind, void **result) { *result = new descriptor{kind}; return 0; }
int destroy_descriptor(void *it) { delete (descriptor *)it; return 0; }

int set_attribute(void *it, int name, int type, int64_t count, const void *elements)
{
    descriptor *target = (descriptor *)it;
    if (target->is_final) return refused(bad_parameter, "the descriptor is final");
    attribute attribute{type};
    for (int64_t i = 0; i < count; i++) {
        switch (type) {
        case GCB_CUDNN_TYPE_INT64:
            attribute.numbers.push_back(((const int64_t *)elements)[i]);
            break;
        case GCB_CUDNN_TYPE_DATA_TYPE:
        case GCB_CUDNN_TYPE_CONVOLUTION_MODE:
        case GCB_CUDNN_TYPE_HEURISTIC_MODE:
            attribute.numbers.push_back(((const int *)elements)[i]);
            break;
        case GCB_CUDNN_TYPE_FLOAT: attribute.fraction = ((const float *)elements)[i]; break;
        case GCB_CUDNN_TYPE_HANDLE:
        case GCB_CUDNN_TYPE_POINTER:
        case GCB_CUDNN_TYPE_DESCRIPTOR:
            attribute.pointers.push_back(((void *const *)elements)[i]);
            break;
        default: return refused(attribute_type, "an unknown type of attribute");
        }
    }
    target->attributes[name] = attribute;
    return 0;
}

/// The descriptors of a convolution hold what they need, in the types that the library takes.
bool is_complete(const descriptor &it)
{
    const auto has = [&](int name, int type, size_t count) {
        return it.get(name, type, count) != nullptr;
    };
    const auto refers = [&](int name, int kind) {
        const descriptor *child = it.child(name);
        return child && child->kind == kind && child->is_final;
    };
    switch (it.kind) {
    case GCB_CUDNN_TENSOR:
        return has(GCB_CUDNN_TENSOR_TYPE, GCB_CUDNN_TYPE_DATA_TYPE, 1)
               && has(GCB_CUDNN_TENSOR_EXTENTS, GCB_CUDNN_TYPE_INT64, 4)
               && has(GCB_CUDNN_TENSOR_STRIDES, GCB_CUDNN_TYPE_INT64, 4)
               && has(GCB_CUDNN_TENSOR_IDENTIFIER, GCB_CUDNN_TYPE_INT64, 1)
               && has(GCB_CUDNN_TENSOR_ALIGNMENT, GCB_CUDNN_TYPE_INT64, 1);
    case GCB_CUDNN_CONVOLUTION:
        return has(GCB_CUDNN_CONVOLUTION_COMPUTE_TYPE, GCB_CUDNN_TYPE_DATA_TYPE, 1)
               && has(GCB_CUDNN_CONVOLUTION_MODE, GCB_CUDNN_TYPE_CONVOLUTION_MODE, 1)
               && has(GCB_CUDNN_CONVOLUTION_RANK, GCB_CUDNN_TYPE_INT64, 1)
               && has(GCB_CUDNN_CONVOLUTION_DILATIONS, GCB_CUDNN_TYPE_INT64, 2)
               && has(GCB_CUDNN_CONVOLUTION_STRIDES, GCB_CUDNN_TYPE_INT64, 2)
               && has(GCB_CUDNN_CONVOLUTION_PADDING_BEFORE, GCB_CUDNN_TYPE_INT64, 2)
               && has(GCB_CUDNN_CONVOLUTION_PADDING_AFTER, GCB_CUDNN_TYPE_INT64, 2)
               && it.get(GCB_CUDNN_CONVOLUTION_MODE, GCB_CUDNN_TYPE_CONVOLUTION_MODE, 1)->numbers[0]
                      == GCB_CUDNN_CROSS_CORRELATION;
    case GCB_CUDNN_CONVOLUTION_FORWARD:
    case GCB_CUDNN_CONVOLUTION_BY_DATA:
    case GCB_CUDNN_CONVOLUTION_BY_WEIGHTS: {
        problem p;
        return read(&it, p);
    }
    case GCB_CUDNN_OPERATION_GRAPH:
        return has(GCB_CUDNN_GRAPH_HANDLE, GCB_CUDNN_TYPE_HANDLE, 1)
               && has(GCB_CUDNN_GRAPH_OPERATIONS, GCB_CUDNN_TYPE_DESCRIPTOR, 1)
               && it.child(GCB_CUDNN_GRAPH_OPERATIONS)->is_final;
    case GCB_CUDNN_ENGINE_HEURISTIC:
        return refers(GCB_CUDNN_HEURISTIC_GRAPH, GCB_CUDNN_OPERATION_GRAPH)
               && has(GCB_CUDNN_HEURISTIC_MODE, GCB_CUDNN_TYPE_HEURISTIC_MODE, 1);
    case GCB_CUDNN_EXECUTION_PLAN:
        return has(GCB_CUDNN_PLAN_HANDLE, GCB_CUDNN_TYPE_HANDLE, 1)
               && refers(GCB_CUDNN_PLAN_CONFIGURATION, GCB_CUDNN_ENGINE_CONFIGURATION);
    case GCB_CUDNN_VARIANT_PACK: {
        const attribute *pointers = it.get(GCB_CUDNN_VARIANT_POINTERS, GCB_CUDNN_TYPE_POINTER, 0);
        return pointers
               && has(GCB_CUDNN_VARIANT_IDENTIFIERS, GCB_CUDNN_TYPE_INT64,
                      pointers->pointers.size())
               && has(GCB_CUDNN_VARIANT_WORKSPACE, GCB_CUDNN_TYPE_POINTER, 1);
    }
    default: return false;
    }
}

int finalize(void *it)
{
    EMULATED_CALL("cudnnBackendFinalize");
    descriptor *target = (descriptor *)it;
    if (!is_complete(*target))
        return refused(bad_parameter, "descriptor of kind " + std::to_string(target->kind)
                                          + " is not complete");
    target->is_final = true;
    return 0;
}

/// The convolution behind a heuristic or a configuration.
bool problem_of(const descriptor *graph, problem &p)
{
    return graph && read(graph->child(GCB_CUDNN_GRAPH_OPERATIONS), p);
}

int get_attribute(
    void *it, int name, int type, int64_t requested, int64_t *count, void *elements)
{
    descriptor *source = (descriptor *)it;
    if (!source->is_final && source->kind != GCB_CUDNN_ENGINE) return not_finalized;
    if (name == GCB_CUDNN_HEURISTIC_RESULTS && type == GCB_CUDNN_TYPE_DESCRIPTOR) {
        descriptor *graph = (descriptor *)source->child(GCB_CUDNN_HEURISTIC_GRAPH);
        problem p;
        if (!problem_of(graph, p)) return bad_parameter;
        const int mode = source->attributes[GCB_CUDNN_HEURISTIC_MODE].numbers[0];
        *count = mode == GCB_CUDNN_HEURISTIC_BEST ? engines(p) : 0;
        for (int64_t i = 0; i < *count && i < requested; i++) {
            descriptor *configuration = ((descriptor **)elements)[i];
            configuration->is_final = true;
            configuration->attributes[GCB_CUDNN_ENGINE_NUMBER] = {GCB_CUDNN_TYPE_INT64, {i}};
            configuration->attributes[GCB_CUDNN_HEURISTIC_GRAPH] = {
                GCB_CUDNN_TYPE_DESCRIPTOR, {}, {graph}};
        }
        return 0;
    }
    const auto number = [&](const descriptor *configuration) {
        return configuration->get(GCB_CUDNN_ENGINE_NUMBER, GCB_CUDNN_TYPE_INT64, 1)->numbers[0];
    };
    if (name == GCB_CUDNN_CONFIGURATION_ENGINE && type == GCB_CUDNN_TYPE_DESCRIPTOR) {
        descriptor *engine = *(descriptor **)elements;
        engine->attributes[GCB_CUDNN_ENGINE_NUMBER] = source->attributes[GCB_CUDNN_ENGINE_NUMBER];
        engine->is_final = true;
        *count = 1;
        return 0;
    }
    if (name == GCB_CUDNN_ENGINE_NUMBER && type == GCB_CUDNN_TYPE_INT64) {
        *(int64_t *)elements = number(source);
        *count = 1;
        return 0;
    }
    if (name == GCB_CUDNN_ENGINE_NOTES && type == GCB_CUDNN_TYPE_NUMERICAL_NOTE) {
        *count = 0;
        if (number(source) == nondeterministic)
            ((int *)elements)[(*count)++] = GCB_CUDNN_NOTE_NONDETERMINISTIC;
        if (number(source) == coarse)
            ((int *)elements)[(*count)++] = GCB_CUDNN_NOTE_TENSOR_CORE;
        return 0;
    }
    if (name == GCB_CUDNN_PLAN_WORKSPACE && type == GCB_CUDNN_TYPE_INT64) {
        const descriptor *configuration = source->child(GCB_CUDNN_PLAN_CONFIGURATION);
        *(int64_t *)elements = number(configuration) == greedy ? greedy_workspace : sound_workspace;
        *count = 1;
        return 0;
    }
    return refused(bad_parameter, "attribute " + std::to_string(name) + " cannot be read");
}

int execute(void *it, void *plan, void *variants)
{
    EMULATED_CALL("cudnnBackendExecute");
    const descriptor *configuration =
        ((descriptor *)plan)->child(GCB_CUDNN_PLAN_CONFIGURATION);
    const descriptor *graph = configuration->child(GCB_CUDNN_HEURISTIC_GRAPH);
    const engine engine = (enum engine)configuration
                              ->get(GCB_CUDNN_ENGINE_NUMBER, GCB_CUDNN_TYPE_INT64, 1)->numbers[0];
    problem p;
    if (!problem_of(graph, p)) return bad_parameter;
    const descriptor &pack = *(descriptor *)variants;
    const auto &identifiers =
        pack.get(GCB_CUDNN_VARIANT_IDENTIFIERS, GCB_CUDNN_TYPE_INT64, 0)->numbers;
    const auto &pointers =
        pack.get(GCB_CUDNN_VARIANT_POINTERS, GCB_CUDNN_TYPE_POINTER, 0)->pointers;
    const auto pointer = [&](const tensor &tensor) -> void * {
        for (size_t i = 0; i < identifiers.size(); i++)
            if (identifiers[i] == tensor.identifier) return pointers[i];
        return nullptr;
    };
    void *x = pointer(p.x), *w = pointer(p.w), *y = pointer(p.y);
    void *workspace =
        pack.get(GCB_CUDNN_VARIANT_WORKSPACE, GCB_CUDNN_TYPE_POINTER, 1)->pointers[0];
    if (!x || !w || !y || !workspace) return refused(bad_parameter, "a pointer is missing");
    emulated_enqueue(((handle *)it)->stream, [=] {
        memset(workspace, 0xee, sound_workspace);
        convolve(p, engine, x, w, y);
        return 0;
    });
    return 0;
}

}

extern "C" gcb_cudnn gcb_emulated_cudnn(void)
{
    return {version, error_text, last_error_text, create, destroy, set_stream, create_descriptor,
            destroy_descriptor, finalize, set_attribute, get_attribute, execute};
}

#ifndef GCB_CUDA_ARGUMENTS_H
#define GCB_CUDA_ARGUMENTS_H

// What the host tells each kernel: one structure by value. Read by the device compiler too, so
// nothing is included here.

/// An address of device memory; 0 for none.
typedef unsigned long long gcb_address;

enum {
    /// Threads of every block.
    GCB_BLOCK = 256,
    GCB_MAX_RANK = 6,
    GCB_UPDATE_STEPS = 40,
    GCB_UPDATE_REGISTERS = 16,
    GCB_UPDATE_TENSORS = 12,
    GCB_UPDATE_SCALARS = 16,
    GCB_UPDATE_RESULTS = 12,
    /// Elements of one block where an update does not centralize.
    GCB_UPDATE_CHUNK = 1024,
};

// MARK: - Movement

/// target[i₀, i₁, …] = source[Σ iₐ · strideₐ]; the target lies densely, its last axis innermost.
typedef struct {
    gcb_address source, target;
    long long count;
    int rank;
    int extents[GCB_MAX_RANK];
    long long strides[GCB_MAX_RANK];
} gcb_permutation;

// MARK: - Element by element

/// y from a and b, elements that lie in the same places.
typedef struct {
    gcb_address a, b, y;
    long long count;
    float alpha, beta;
} gcb_elementwise;

/// y = act(x [+ bias of the channel] [+ residual]), channels innermost.
typedef struct {
    gcb_address x, bias, residual, y;
    long long count;
    int channels;
    int rectifies;
} gcb_finish;

/// How one stored image is laid into a batch.
typedef struct {
    int index, row, column, is_mirrored;
} gcb_placed_image;

/// A batch y [N, C, H, W] of stored bytes, which a table [C, 256] makes numbers of.
typedef struct {
    gcb_address images, table, placements, y;
    long long count;
    int channels, height, width;
} gcb_placing;

// MARK: - Channels

/// Sums over the rows of each image, channels innermost: y[image, split, channel].
typedef struct {
    gcb_address x, y;
    int images, channels;
    /// Threads side by side along the channels; a power of two.
    int lanes;
    long long rows;
    float factor;
} gcb_column_sums;

/// A normalization, forward or backward. Statistics are shared by `rows` rows of
/// channels / groups channels; those of a batch have one image with all rows, and a group for
/// each channel.
typedef struct {
    gcb_address x, y, residual, scale, shift, mean, variance;
    gcb_address dy, dx, dresidual, dscale, dshift;
    /// Pairs of floats [images, splits, channels].
    gcb_address partials;
    /// Pairs of floats [images, groups].
    gcb_address coefficients;
    int images, channels, groups, splits, lanes;
    int rectifies;
    long long rows;
    float epsilon;
} gcb_normalization;

/// w' = s·w, b' = (b − μ)·s + β with s = γ/√(σ² + ε).
typedef struct {
    gcb_address weight, scale, shift, mean, variance, bias, folded_weight, folded_bias;
    int outputs;
    long long fan_in;
    float epsilon;
} gcb_folding;

// MARK: - Windows

typedef struct {
    gcb_address x, y, positions;
    int images, channels, height, width, pooled_height, pooled_width, kernel, stride, padding;
} gcb_pooling;

/// x [N, H, W, C], w [O, K, K, C/groups], y [N, H', W', O].
typedef struct {
    gcb_address x, w, bias, residual, y;
    int images, channels, height, width, outputs, out_height, out_width;
    int kernel, stride, padding, groups;
    int rectifies;
} gcb_direct_convolution;

/// Channels `from ..< from + count` of a source become channels `to ..< to + count` of a target.
typedef struct {
    gcb_address source, other, target;
    long long rows, count, source_channels, target_channels, from, to;
} gcb_channels;

/// Elements [N, pixels, channels] whose row-major numbers decide who stays.
typedef struct {
    gcb_address x, key, y;
    long long count, pixels;
    int channels;
    unsigned threshold;
    float scale;
    unsigned long long layer;
} gcb_dropout;

// MARK: - Covariance pooling

/// Images [N, pixels, channels], and numbers or sums of their channels.
typedef struct {
    gcb_address x, other, y;
    int images, channels;
    long long pixels;
    float factor;
} gcb_planes;

/// Square matrices, one behind the other; those of z lie z_stride apart.
typedef struct {
    gcb_address x, y, z, traces;
    long long z_stride;
    int count, dimension;
} gcb_matrices;

typedef struct {
    gcb_address gradient, root, sigma, product, dz, traces, result;
    int dimension;
} gcb_root_gradient;

/// Rows of channels, and a kernel of three taps.
typedef struct {
    gcb_address s, w, omega, domega, du, ds, dw;
    int images, channels;
} gcb_attention;

typedef struct {
    gcb_address omega, variation, cosines, probability;
    int images, channels;
    float factor;
} gcb_cosines;

// MARK: - Dense layers and losses

/// Filters [O, fan-in].
typedef struct {
    gcb_address w, dy, y;
    long long fan_in;
    float epsilon;
} gcb_filters;

/// d[n, m, o] = alpha · Σ a[n, m, k]·b[n, k, o] + beta · c[n, m, o]; d and c may be the same.
typedef struct {
    gcb_address a, b, c, d;
    int count, rows, columns, inner;
    /// Where a[m, k] and b[k, o] lie.
    long long a_row, a_inner, b_inner, b_column;
    /// How far apart the matrices lie.
    long long a_matrix, b_matrix, c_matrix, d_matrix;
    float alpha, beta;
} gcb_matrix_product;

typedef struct {
    gcb_address scores, labels, gradient;
    /// One number per image.
    gcb_address values;
    int rows, classes, k;
    float smoothing;
} gcb_scores;

/// y = factor · Σ x.
typedef struct {
    gcb_address x, y;
    long long count;
    float factor;
} gcb_total;

// MARK: - Updates

enum {
    GCB_UPDATE_SCALED,
    GCB_UPDATE_SUM,
    GCB_UPDATE_PRODUCT,
    GCB_UPDATE_MAXIMUM,
    GCB_UPDATE_RATIO,
    GCB_UPDATE_CENTRALIZE,
};

/// One assignment to register y. Sources are registers, or tensor t as −1 − t.
typedef struct {
    int kind, y, a, b, c;
    float alpha, beta, inner, outer;
    /// Scalars by which alpha and beta are multiplied; −1 for none.
    int alpha_scalar, beta_scalar;
} gcb_update_step;

typedef struct {
    int step_count, result_count;
    /// The step that centralizes; −1 for none.
    int center;
    /// The registers that leave the program; each is settled when the last step has run.
    int results[GCB_UPDATE_RESULTS];
    gcb_update_step steps[GCB_UPDATE_STEPS];
} gcb_update_program;

/// A weight with what its program reads and writes. Output slices: element j of slice o lies at
/// (j / run)·rows·run + o·run + j % run.
typedef struct {
    int program;
    int rows;
    long long fan_in, run;
    gcb_address tensors[GCB_UPDATE_TENSORS];
    gcb_address scalars[GCB_UPDATE_SCALARS];
    gcb_address results[GCB_UPDATE_RESULTS];
    /// Where the first result goes once more, as bfloat16; 0 for nowhere.
    gcb_address narrow;
    /// Pairs of floats [rows], and where their sum goes; 0 where nothing is centralized.
    gcb_address row_energies, energies;
} gcb_update_tensor;

/// What one block works on: a slice where the program centralizes, else a chunk.
typedef struct {
    int tensor, part;
} gcb_update_block;

typedef struct {
    gcb_address programs, tensors, blocks;
} gcb_update;

enum {
    GCB_STEP_AFTER_FIRST,
    GCB_STEP_CORRECTION,
    GCB_STEP_ROOT_CORRECTION,
    GCB_STEP_CORRECTION_RATIO,
    GCB_STEP_INVERSE_TIME,
    GCB_STEP_RECTIFICATION,
    GCB_STEP_LOOKAHEAD,
};

/// A number that follows the step; what `p` means is the kind's business.
typedef struct {
    gcb_address step, y;
    int kind, part;
    double p[4];
} gcb_step_coefficient;

typedef struct {
    gcb_address squared_norm, y;
    double maximum;
} gcb_clipping;

#endif

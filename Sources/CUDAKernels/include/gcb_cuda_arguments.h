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

// MARK: - Dense layers and losses

typedef struct {
    gcb_address a, b, c;
    int rows, columns, inner;
    /// Where a[m, k] and b[k, n] lie.
    long long a_row, a_inner, b_inner, b_column;
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

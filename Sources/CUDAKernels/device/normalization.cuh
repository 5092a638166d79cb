// Normalizations over channels-last activations, and other sums over rows.
//
// A block is a tile: `lanes` threads side by side along the channels, W channels each, and
// GCB_BLOCK / lanes rows at a time. blockIdx.x numbers tiles along the channels, blockIdx.y splits
// of the rows, blockIdx.z images. Sums are taken within a thread, then within the block, then over
// the splits by a kernel of their own: always in the same order, so that results repeat.

/// Where a thread works.
template <int W> struct tile {
    int lane, row_lane, row_lanes, channel;
    long long first, end;
    bool is_active;

    GCB_DEVICE_MEMBER tile(int lanes, int channels, long long rows)
    {
        lane = threadIdx.x % lanes;
        row_lane = threadIdx.x / lanes;
        row_lanes = GCB_BLOCK / lanes;
        channel = (blockIdx.x * lanes + lane) * W;
        const long long share = (rows + gridDim.y - 1) / gridDim.y;
        first = blockIdx.y * share;
        end = first + share < rows ? first + share : rows;
        is_active = channel < channels;
    }
};

/// Mean and Σ (x − mean)² of `count` numbers.
struct moments {
    float count, mean, squares;
};

/// *Reference:* Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing
/// sample variances", 1979.
GCB_DEVICE moments merged(moments a, moments b)
{
    if (b.count == 0) return a;
    if (a.count == 0) return b;
    const float count = a.count + b.count, difference = b.mean - a.mean;
    const float share = b.count / count;
    return {count, a.mean + difference * share,
            a.squares + b.squares + difference * difference * a.count * share};
}

// MARK: - Forward

/// The moments of each split.
template <int W> GCB_DEVICE void partial_moments(const gcb_normalization &a)
{
    GCB_SHARED(moments, shared, GCB_BLOCK *W);
    const tile<W> t(a.lanes, a.channels, a.rows);
    const activation *x = (const activation *)a.x + blockIdx.z * a.rows * a.channels + t.channel;
    // Sums of differences from the thread's first number: no digit is lost to a large mean.
    float shift[W], sums[W], squares[W];
    for (int j = 0; j < W; j++) shift[j] = sums[j] = squares[j] = 0;
    int count = 0;
    if (t.is_active) {
        for (long long row = t.first + t.row_lane; row < t.end; row += t.row_lanes) {
            float numbers[W];
            load<W>(numbers, x + row * a.channels);
            for (int j = 0; j < W; j++) {
                if (count == 0) shift[j] = numbers[j];
                const float difference = numbers[j] - shift[j];
                sums[j] += difference;
                squares[j] += difference * difference;
            }
            count++;
        }
    }
    for (int j = 0; j < W; j++) {
        const float mean = count > 0 ? sums[j] / count : 0;
        shared[threadIdx.x * W + j] = {(float)count, shift[j] + mean,
                                       squares[j] - sums[j] * mean};
    }
    for (int half = t.row_lanes / 2; half > 0; half /= 2) {
        __syncthreads();
        if (t.row_lane >= half) continue;
        for (int j = 0; j < W; j++) {
            const int own = threadIdx.x * W + j;
            shared[own] = merged(shared[own], shared[own + half * a.lanes * W]);
        }
    }
    if (t.row_lane != 0 || !t.is_active) return;
    float2 *partials = (float2 *)a.partials;
    const long long place = ((long long)blockIdx.z * gridDim.y + blockIdx.y) * a.channels;
    for (int j = 0; j < W; j++) {
        const moments m = shared[threadIdx.x * W + j];
        partials[place + t.channel + j] = {m.mean, m.squares};
    }
}

GCB_KERNEL(partial_moments_wide, gcb_normalization) { partial_moments<GCB_WIDTH>(arguments); }
GCB_KERNEL(partial_moments_single, gcb_normalization) { partial_moments<1>(arguments); }

/// What normalizing does to W channels.
template <int W> struct affine {
    float mean[W], reciprocal[W], scale[W], shift[W];

    GCB_DEVICE_MEMBER affine(const gcb_normalization &a, int channel)
    {
        const int size = a.channels / a.groups;
        for (int j = 0; j < W; j++) {
            const int set = blockIdx.z * a.groups + (channel + j) / size;
            mean[j] = ((const float *)a.mean)[set];
            reciprocal[j] = 1 / sqrtf(((const float *)a.variance)[set] + a.epsilon);
            scale[j] = ((const float *)a.scale)[channel + j];
            shift[j] = a.shift ? ((const float *)a.shift)[channel + j] : 0;
        }
    }
};

/// y = act(γ·(x − μ)·r + β [+ residual]).
template <int W> GCB_DEVICE void normalize(const gcb_normalization &a)
{
    const tile<W> t(a.lanes, a.channels, a.rows);
    if (!t.is_active) return;
    const affine<W> f(a, t.channel);
    const long long base = blockIdx.z * a.rows * a.channels + t.channel;
    for (long long row = t.first + t.row_lane; row < t.end; row += t.row_lanes) {
        const long long i = base + row * a.channels;
        float x[W], residual[W];
        load<W>(x, (const activation *)a.x + i);
        if (a.residual) load<W>(residual, (const activation *)a.residual + i);
        for (int j = 0; j < W; j++) {
            float y = f.scale[j] * ((x[j] - f.mean[j]) * f.reciprocal[j]) + f.shift[j];
            if (a.residual) y += residual[j];
            x[j] = a.rectifies && y < 0 ? 0 : y;
        }
        store<W>((activation *)a.y + i, x);
    }
}

GCB_KERNEL(normalize_wide, gcb_normalization) { normalize<GCB_WIDTH>(arguments); }
GCB_KERNEL(normalize_single, gcb_normalization) { normalize<1>(arguments); }

// MARK: - Backward

/// dy where it counts: everywhere, or where a ReLU let something through.
template <int W>
GCB_DEVICE void load_gradient(float (&dy)[W], const gcb_normalization &a, long long i)
{
    load<W>(dy, (const activation *)a.dy + i);
    if (!a.rectifies) return;
    float y[W];
    load<W>(y, (const activation *)a.y + i);
    for (int j = 0; j < W; j++) dy[j] = y[j] > 0 ? dy[j] : 0;
}

/// Σ dy and Σ dy·x̂ of each split.
template <int W> GCB_DEVICE void gradient_sums(const gcb_normalization &a)
{
    GCB_SHARED(float2, shared, GCB_BLOCK *W);
    const tile<W> t(a.lanes, a.channels, a.rows);
    float2 sums[W];
    for (int j = 0; j < W; j++) sums[j] = {0, 0};
    if (t.is_active) {
        const affine<W> f(a, t.channel);
        const long long base = blockIdx.z * a.rows * a.channels + t.channel;
        for (long long row = t.first + t.row_lane; row < t.end; row += t.row_lanes) {
            float dy[W], x[W];
            load_gradient<W>(dy, a, base + row * a.channels);
            load<W>(x, (const activation *)a.x + base + row * a.channels);
            for (int j = 0; j < W; j++) {
                sums[j].x += dy[j];
                sums[j].y += dy[j] * ((x[j] - f.mean[j]) * f.reciprocal[j]);
            }
        }
    }
    for (int j = 0; j < W; j++) shared[threadIdx.x * W + j] = sums[j];
    for (int half = t.row_lanes / 2; half > 0; half /= 2) {
        __syncthreads();
        if (t.row_lane >= half) continue;
        for (int j = 0; j < W; j++) {
            const int own = threadIdx.x * W + j;
            const float2 other = shared[own + half * a.lanes * W];
            shared[own] = {shared[own].x + other.x, shared[own].y + other.y};
        }
    }
    if (t.row_lane != 0 || !t.is_active) return;
    const long long place = ((long long)blockIdx.z * gridDim.y + blockIdx.y) * a.channels;
    for (int j = 0; j < W; j++)
        ((float2 *)a.partials)[place + t.channel + j] = shared[threadIdx.x * W + j];
}

GCB_KERNEL(gradient_sums_wide, gcb_normalization) { gradient_sums<GCB_WIDTH>(arguments); }
GCB_KERNEL(gradient_sums_single, gcb_normalization) { gradient_sums<1>(arguments); }

/// dx = r·(γ·dy − a/m − x̂·b/m), dresidual = dy.
template <int W> GCB_DEVICE void apply_gradient(const gcb_normalization &a)
{
    const tile<W> t(a.lanes, a.channels, a.rows);
    if (!t.is_active) return;
    const affine<W> f(a, t.channel);
    float2 means[W];
    for (int j = 0; j < W; j++) {
        const int group = (t.channel + j) / (a.channels / a.groups);
        means[j] = ((const float2 *)a.coefficients)[blockIdx.z * a.groups + group];
    }
    const long long base = blockIdx.z * a.rows * a.channels + t.channel;
    for (long long row = t.first + t.row_lane; row < t.end; row += t.row_lanes) {
        const long long i = base + row * a.channels;
        float dy[W], x[W];
        load_gradient<W>(dy, a, i);
        load<W>(x, (const activation *)a.x + i);
        for (int j = 0; j < W; j++) {
            const float normalized = (x[j] - f.mean[j]) * f.reciprocal[j];
            x[j] = f.reciprocal[j]
                   * (f.scale[j] * dy[j] - means[j].x - normalized * means[j].y);
        }
        store<W>((activation *)a.dx + i, x);
        if (a.dresidual) store<W>((activation *)a.dresidual + i, dy);
    }
}

GCB_KERNEL(apply_gradient_wide, gcb_normalization) { apply_gradient<GCB_WIDTH>(arguments); }
GCB_KERNEL(apply_gradient_single, gcb_normalization) { apply_gradient<1>(arguments); }

// MARK: - Sums over rows

/// factor · Σ x over the rows of each image and split.
template <int W> GCB_DEVICE void column_sums(const gcb_column_sums &a)
{
    GCB_SHARED(float, shared, GCB_BLOCK *W);
    const tile<W> t(a.lanes, a.channels, a.rows);
    const activation *x = (const activation *)a.x + blockIdx.z * a.rows * a.channels + t.channel;
    float sums[W];
    for (int j = 0; j < W; j++) sums[j] = 0;
    if (t.is_active) {
        for (long long row = t.first + t.row_lane; row < t.end; row += t.row_lanes) {
            float numbers[W];
            load<W>(numbers, x + row * a.channels);
            for (int j = 0; j < W; j++) sums[j] += numbers[j];
        }
    }
    for (int j = 0; j < W; j++) shared[threadIdx.x * W + j] = sums[j];
    for (int half = t.row_lanes / 2; half > 0; half /= 2) {
        __syncthreads();
        if (t.row_lane >= half) continue;
        for (int j = 0; j < W; j++)
            shared[threadIdx.x * W + j] += shared[(threadIdx.x + half * a.lanes) * W + j];
    }
    if (t.row_lane != 0 || !t.is_active) return;
    const long long place = ((long long)blockIdx.z * gridDim.y + blockIdx.y) * a.channels;
    for (int j = 0; j < W; j++)
        ((float *)a.y)[place + t.channel + j] = a.factor * shared[threadIdx.x * W + j];
}

GCB_KERNEL(column_sums_wide, gcb_column_sums) { column_sums<GCB_WIDTH>(arguments); }
GCB_KERNEL(column_sums_single, gcb_column_sums) { column_sums<1>(arguments); }

/// y[image, row, channel] = factor · x[image, channel]; x has master precision.
GCB_KERNEL(spread, gcb_column_sums)
{
    const gcb_column_sums &a = arguments;
    const long long i = global_index();
    if (i >= a.images * a.rows * a.channels) return;
    const long long image = i / (a.rows * a.channels);
    const float number = ((const float *)a.x)[image * a.channels + i % a.channels];
    set(((activation *)a.y)[i], a.factor * number);
}

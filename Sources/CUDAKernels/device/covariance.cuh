// Covariance pooling, in float32: images [N, H·W, C], matrices [N, d, d]. Products of matrices are
// the library's, or `multiply`.

// MARK: - Planes

/// The place of element i's channel among those of all images.
GCB_DEVICE long long plane_of(const gcb_planes &a, long long i)
{
    return i / (a.pixels * a.channels) * a.channels + i % a.channels;
}

/// A thread for each channel of each image: y = factor · Σ x [· other] over its pixels, in order.
GCB_KERNEL(plane_sums, gcb_planes)
{
    const gcb_planes &a = arguments;
    const long long plane = global_index();
    if (plane >= (long long)a.images * a.channels) return;
    const long long first = plane / a.channels * a.pixels * a.channels + plane % a.channels;
    float sum = 0;
    for (long long pixel = 0; pixel < a.pixels; pixel++) {
        const long long i = first + pixel * a.channels;
        const float x = ((const float *)a.x)[i];
        sum += a.other ? x * ((const float *)a.other)[i] : x;
    }
    ((float *)a.y)[plane] = a.factor * sum;
}

/// A thread for each element: y = x − the number of its plane.
GCB_KERNEL(center_planes, gcb_planes)
{
    const gcb_planes &a = arguments;
    const long long i = global_index();
    if (i >= a.images * a.pixels * a.channels) return;
    ((float *)a.y)[i] = ((const float *)a.x)[i] - ((const float *)a.other)[plane_of(a, i)];
}

/// A thread for each element: y = (factor + the number of its plane) · x.
GCB_KERNEL(scale_planes, gcb_planes)
{
    const gcb_planes &a = arguments;
    const long long i = global_index();
    if (i >= a.images * a.pixels * a.channels) return;
    const float scale = a.factor + ((const float *)a.other)[plane_of(a, i)];
    ((float *)a.y)[i] = scale * ((const float *)a.x)[i];
}

/// A block for each pixel: Σ x over its channels.
GCB_KERNEL(pixel_sums, gcb_planes)
{
    const gcb_planes &a = arguments;
    const float *x = (const float *)a.x + (long long)blockIdx.x * a.channels;
    float sum = 0;
    for (int c = threadIdx.x; c < a.channels; c += GCB_BLOCK) sum += x[c];
    sum = block_sum(sum);
    if (threadIdx.x == 0) ((float *)a.y)[blockIdx.x] = sum;
}

// MARK: - Matrices

/// A thread for each element: y = x + xᵀ.
GCB_KERNEL(add_transposes, gcb_matrices)
{
    const gcb_matrices &a = arguments;
    const long long i = global_index(), size = (long long)a.dimension * a.dimension;
    if (i >= a.count * size) return;
    const long long row = i % size / a.dimension, column = i % a.dimension;
    const float *x = (const float *)a.x + i / size * size;
    ((float *)a.y)[i] = x[row * a.dimension + column] + x[column * a.dimension + row];
}

/// A block for each matrix: y[n] = Σ x[n, i, i].
GCB_KERNEL(traces, gcb_matrices)
{
    const gcb_matrices &a = arguments;
    const float *x = (const float *)a.x + (long long)blockIdx.x * a.dimension * a.dimension;
    float sum = 0;
    for (long long i = threadIdx.x; i < a.dimension; i += GCB_BLOCK) sum += x[i * a.dimension + i];
    sum = block_sum(sum);
    if (threadIdx.x == 0) ((float *)a.y)[blockIdx.x] = sum;
}

/// A thread for each element: y = x/t, and where z is wanted, z = ½(3I − y); both 0 where t is.
GCB_KERNEL(divide_by_traces, gcb_matrices)
{
    const gcb_matrices &a = arguments;
    const long long i = global_index(), size = (long long)a.dimension * a.dimension;
    if (i >= a.count * size) return;
    const float trace = ((const float *)a.traces)[i / size];
    const float y = trace == 0 ? 0 : ((const float *)a.x)[i] / trace;
    ((float *)a.y)[i] = y;
    if (!a.z) return;
    const long long place = i % size;
    const bool is_diagonal = place / a.dimension == place % a.dimension;
    ((float *)a.z)[i / size * a.z_stride + place] =
        trace == 0 ? 0 : (is_diagonal ? 1.5f : 0.0f) - 0.5f * y;
}

/// A thread for each element: y = √t · x.
GCB_KERNEL(scale_by_roots, gcb_matrices)
{
    const gcb_matrices &a = arguments;
    const long long i = global_index(), size = (long long)a.dimension * a.dimension;
    if (i >= a.count * size) return;
    ((float *)a.y)[i] = sqrtf(((const float *)a.traces)[i / size]) * ((const float *)a.x)[i];
}

/// A block for each matrix: with dA = a − ½dZ, dΣ = dA/t + (⟨G, P⟩/(2t) − ⟨dA, Σ⟩/t²)·I, or 0 where
/// t is.
GCB_KERNEL(finish_root_gradient, gcb_root_gradient)
{
    const gcb_root_gradient &a = arguments;
    const long long size = (long long)a.dimension * a.dimension, first = blockIdx.x * size;
    const float trace = ((const float *)a.traces)[blockIdx.x];
    const float *product = (const float *)a.product + first, *dz = (const float *)a.dz + first;
    const float *gradient = (const float *)a.gradient + first;
    const float *root = (const float *)a.root + first, *sigma = (const float *)a.sigma + first;
    float of_root = 0, of_sigma = 0;
    for (long long i = threadIdx.x; i < size; i += GCB_BLOCK) {
        of_root += gradient[i] * root[i];
        of_sigma += (product[i] - 0.5f * dz[i]) * sigma[i];
    }
    of_root = block_sum(of_root);
    of_sigma = block_sum(of_sigma);
    const float reciprocal = trace == 0 ? 0 : 1 / trace;
    const float diagonal = (0.5f * of_root - of_sigma * reciprocal) * reciprocal;
    for (long long i = threadIdx.x; i < size; i += GCB_BLOCK) {
        const float y = (product[i] - 0.5f * dz[i]) * reciprocal;
        const bool is_diagonal = i / a.dimension == i % a.dimension;
        ((float *)a.result)[first + i] = trace == 0 ? 0 : is_diagonal ? y + diagonal : y;
    }
}

/// Where element (row, column ≥ row) lies in a row of an upper triangle.
GCB_DEVICE long long triangle_place(long long row, long long column, long long dimension)
{
    return row * dimension - row * (row - 1) / 2 + column - row;
}

/// A thread for each element of the matrices x: those of the upper triangle go to y.
GCB_KERNEL(upper_triangle, gcb_matrices)
{
    const gcb_matrices &a = arguments;
    const long long d = a.dimension, i = global_index();
    if (i >= a.count * d * d) return;
    const long long row = i / d % d, column = i % d;
    if (row > column) return;
    const long long length = d * (d + 1) / 2;
    ((float *)a.y)[i / (d * d) * length + triangle_place(row, column, d)] = ((const float *)a.x)[i];
}

/// A thread for each element of the matrices y: x where it is of the upper triangle, else 0.
GCB_KERNEL(upper_triangle_gradient, gcb_matrices)
{
    const gcb_matrices &a = arguments;
    const long long d = a.dimension, i = global_index();
    if (i >= a.count * d * d) return;
    const long long row = i / d % d, column = i % d, length = d * (d + 1) / 2;
    const float *x = (const float *)a.x + i / (d * d) * length;
    ((float *)a.y)[i] = row > column ? 0 : x[triangle_place(row, column, d)];
}

// MARK: - Attention

/// Σ w[k]·s[c + k − 1] within the row.
GCB_DEVICE float neighbours(const float *s, const float *w, int c, int channels)
{
    float sum = 0;
    for (int k = 0; k < 3; k++) {
        const int neighbour = c + k - 1;
        if (neighbour >= 0 && neighbour < channels) sum += w[k] * s[neighbour];
    }
    return sum;
}

/// A block for each image: ω = softmax(u).
GCB_KERNEL(channel_attention, gcb_attention)
{
    const gcb_attention &a = arguments;
    const long long row = (long long)blockIdx.x * a.channels;
    const float *s = (const float *)a.s + row, *w = (const float *)a.w;
    float *omega = (float *)a.omega + row;
    float largest = -GCB_INFINITY, sum = 0;
    for (int c = threadIdx.x; c < a.channels; c += GCB_BLOCK)
        largest = fmaxf(largest, neighbours(s, w, c, a.channels));
    largest = block_maximum(largest);
    for (int c = threadIdx.x; c < a.channels; c += GCB_BLOCK)
        sum += expf(neighbours(s, w, c, a.channels) - largest);
    sum = block_sum(sum);
    for (int c = threadIdx.x; c < a.channels; c += GCB_BLOCK)
        omega[c] = expf(neighbours(s, w, c, a.channels) - largest) / sum;
}

/// A block for each image: du = ω·(dω − ⟨ω, dω⟩).
GCB_KERNEL(softmax_gradient, gcb_attention)
{
    const gcb_attention &a = arguments;
    const long long row = (long long)blockIdx.x * a.channels;
    const float *omega = (const float *)a.omega + row, *domega = (const float *)a.domega + row;
    float product = 0;
    for (int c = threadIdx.x; c < a.channels; c += GCB_BLOCK) product += omega[c] * domega[c];
    product = block_sum(product);
    for (int c = threadIdx.x; c < a.channels; c += GCB_BLOCK)
        ((float *)a.du)[row + c] = omega[c] * (domega[c] - product);
}

/// A thread for each element: ds[c] = Σ w[k]·du[c + 1 − k].
GCB_KERNEL(attention_data_gradient, gcb_attention)
{
    const gcb_attention &a = arguments;
    const long long i = global_index();
    if (i >= (long long)a.images * a.channels) return;
    const float *w = (const float *)a.w, turned[3] = {w[2], w[1], w[0]};
    const int c = i % a.channels;
    ((float *)a.ds)[i] = neighbours((const float *)a.du + i - c, turned, c, a.channels);
}

/// A block for each tap: dw[k] = Σ du[n, c]·s[n, c + k − 1].
GCB_KERNEL(attention_kernel_gradient, gcb_attention)
{
    const gcb_attention &a = arguments;
    const int shift = (int)blockIdx.x - 1;
    float sum = 0;
    for (long long i = threadIdx.x; i < (long long)a.images * a.channels; i += GCB_BLOCK) {
        const int neighbour = i % a.channels + shift;
        if (neighbour >= 0 && neighbour < a.channels)
            sum += ((const float *)a.du)[i] * ((const float *)a.s)[i + shift];
    }
    sum = block_sum(sum);
    if (threadIdx.x == 0) ((float *)a.dw)[blockIdx.x] = sum;
}

// MARK: - What is dropped

/// A block for each image: the cosine of ω and the row sums of its covariance; 0 where one is 0.
GCB_KERNEL(attention_cosines, gcb_cosines)
{
    const gcb_cosines &a = arguments;
    const long long row = (long long)blockIdx.x * a.channels;
    const float *omega = (const float *)a.omega + row;
    const float *variation = (const float *)a.variation + row;
    float product = 0, attention = 0, size = 0;
    for (int c = threadIdx.x; c < a.channels; c += GCB_BLOCK) {
        product += omega[c] * variation[c];
        attention += omega[c] * omega[c];
        size += variation[c] * variation[c];
    }
    product = block_sum(product);
    attention = block_sum(attention);
    size = block_sum(size);
    const float norms = sqrtf(attention) * sqrtf(size);
    if (threadIdx.x == 0) ((float *)a.cosines)[blockIdx.x] = norms == 0 ? 0 : product / norms;
}

/// One block: p = 1 − factor · the mean cosine, between 0 and 1; a NaN stays one.
GCB_KERNEL(drop_probability, gcb_cosines)
{
    const gcb_cosines &a = arguments;
    float sum = 0;
    for (int n = threadIdx.x; n < a.images; n += GCB_BLOCK) sum += ((const float *)a.cosines)[n];
    sum = block_sum(sum);
    const float p = 1 - a.factor * (sum / a.images);
    if (threadIdx.x == 0) *(float *)a.probability = p < 0 ? 0 : p > 1 ? 1 : p;
}

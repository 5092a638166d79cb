// Products of matrices and losses, in float32.

/// A thread for each element of d, for products that cuBLASLt has nothing for.
GCB_KERNEL(multiply, gcb_matrix_product)
{
    const gcb_matrix_product &a = arguments;
    const long long index = global_index(), size = (long long)a.rows * a.columns;
    if (index >= a.count * size) return;
    const long long matrix = index / size, place = index % size;
    const float *left =
        (const float *)a.a + matrix * a.a_matrix + place / a.columns * a.a_row;
    const float *right =
        (const float *)a.b + matrix * a.b_matrix + place % a.columns * a.b_column;
    float sum = 0;
    for (int k = 0; k < a.inner; k++) sum += left[k * a.a_inner] * right[k * a.b_inner];
    sum *= a.alpha;
    if (a.beta != 0) sum += a.beta * ((const float *)a.c)[matrix * a.c_matrix + place];
    ((float *)a.d)[matrix * a.d_matrix + place] = sum;
}

/// A block for each image: its loss, and dz = (p − t)/N.
GCB_KERNEL(cross_entropy, gcb_scores)
{
    const gcb_scores &a = arguments;
    const float *z = (const float *)a.scores + (long long)blockIdx.x * a.classes;
    float *dz = (float *)a.gradient + (long long)blockIdx.x * a.classes;
    const long long label = ((const long long *)a.labels)[blockIdx.x];
    const bool is_class = label >= 0 && label < a.classes;
    float largest = -GCB_INFINITY, sum = 0, all = 0;
    for (int c = threadIdx.x; c < a.classes; c += GCB_BLOCK) largest = fmaxf(largest, z[c]);
    largest = block_maximum(largest);
    for (int c = threadIdx.x; c < a.classes; c += GCB_BLOCK) {
        sum += expf(z[c] - largest);
        all += z[c] - largest;
    }
    sum = block_sum(sum);
    all = block_sum(all);
    const float logarithm = logf(sum), even = a.smoothing / a.classes;
    for (int c = threadIdx.x; c < a.classes; c += GCB_BLOCK) {
        const float target = (c == label ? 1 - a.smoothing : 0) + even;
        dz[c] = (expf(z[c] - largest - logarithm) - target) / a.rows;
    }
    if (threadIdx.x != 0) return;
    float loss = GCB_NOT_A_NUMBER;
    if (is_class) loss = (1 - a.smoothing) * (logarithm - (z[label] - largest));
    if (even != 0) loss += even * (a.classes * logarithm - all);
    ((float *)a.values)[blockIdx.x] = loss;
}

/// A block for each image: 1 where fewer than k classes come before its label.
GCB_KERNEL(top_k, gcb_scores)
{
    const gcb_scores &a = arguments;
    const float *z = (const float *)a.scores + (long long)blockIdx.x * a.classes;
    const long long label = ((const long long *)a.labels)[blockIdx.x];
    const bool is_class = label >= 0 && label < a.classes;
    const float score = is_class ? z[label] : GCB_NOT_A_NUMBER;
    float before = 0;
    for (int c = threadIdx.x; c < a.classes; c += GCB_BLOCK)
        if (z[c] > score || (z[c] == score && c < label)) before += 1;
    before = block_sum(before);
    if (threadIdx.x == 0)
        ((float *)a.values)[blockIdx.x] = score == score && before < a.k ? 1 : 0;
}

/// A thread for each image: its loss, and dz = (p − t)/N, of one logit; no exponential overflows.
GCB_KERNEL(binary_cross_entropy, gcb_scores)
{
    const gcb_scores &a = arguments;
    const long long n = global_index();
    if (n >= a.rows) return;
    const float z = ((const float *)a.scores)[n];
    const long long label = ((const long long *)a.labels)[n];
    const float target = (1 - a.smoothing) * label + a.smoothing / 2;
    const float small = expf(-fabsf(z));
    const float probability = (z >= 0 ? 1 : small) / (1 + small);
    const float loss = (z > 0 ? z : 0) - z * target + log1pf(small);
    ((float *)a.gradient)[n] = (probability - target) / a.rows;
    ((float *)a.values)[n] = label == 0 || label == 1 ? loss : GCB_NOT_A_NUMBER;
}

/// A thread for each image: 1 where its logit is on its label's side; a NaN is on none.
GCB_KERNEL(sign_correct, gcb_scores)
{
    const gcb_scores &a = arguments;
    const long long n = global_index();
    if (n >= a.rows) return;
    const float z = ((const float *)a.scores)[n];
    const long long label = ((const long long *)a.labels)[n];
    ((float *)a.values)[n] = (z > 0 && label == 1) || (z <= 0 && label == 0) ? 1 : 0;
}

/// One block: y = factor · Σ x.
GCB_KERNEL(total, gcb_total)
{
    float sum = 0;
    for (long long i = threadIdx.x; i < arguments.count; i += GCB_BLOCK)
        sum += ((const float *)arguments.x)[i];
    sum = block_sum(sum);
    if (threadIdx.x == 0) *(float *)arguments.y = arguments.factor * sum;
}

/// y[block] = Σ x² over the elements of the block; y has a number for each block.
GCB_KERNEL(square_sums, gcb_total)
{
    float sum = 0;
    for (long long i = global_index(); i < arguments.count; i += (long long)gridDim.x * GCB_BLOCK) {
        const float x = ((const float *)arguments.x)[i];
        sum += x * x;
    }
    sum = block_sum(sum);
    if (threadIdx.x == 0) ((float *)arguments.y)[blockIdx.x] = sum;
}

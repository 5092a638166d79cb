// Weight standardization, in float32: filters [O, m], each in one piece.

/// Mean and unbiased deviation of a filter, in two passes; the same for all threads of the block.
GCB_DEVICE float2 filter_moments(const float *w, long long fan_in)
{
    float sum = 0, squares = 0;
    for (long long i = threadIdx.x; i < fan_in; i += GCB_BLOCK) sum += w[i];
    const float mean = block_sum(sum) / fan_in;
    for (long long i = threadIdx.x; i < fan_in; i += GCB_BLOCK)
        squares += (w[i] - mean) * (w[i] - mean);
    return {mean, sqrtf(block_sum(squares) / (fan_in - 1))};
}

/// A block for each filter: ŵ = (w − μ)/(σ + ε).
GCB_KERNEL(standardize, gcb_filters)
{
    const gcb_filters &a = arguments;
    const float *w = (const float *)a.w + blockIdx.x * a.fan_in;
    const float2 moments = filter_moments(w, a.fan_in);
    const float reciprocal = 1 / (moments.y + a.epsilon);
    for (long long i = threadIdx.x; i < a.fan_in; i += GCB_BLOCK)
        ((float *)a.y)[blockIdx.x * a.fan_in + i] = (w[i] - moments.x) * reciprocal;
}

/// A block for each filter, with c = w − μ and d = σ + ε:
/// dw = (dŵ − mean(dŵ))/d − c·Σ(dŵ·c)/((m − 1)·σ·d²).
GCB_KERNEL(standardize_gradient, gcb_filters)
{
    const gcb_filters &a = arguments;
    const float *w = (const float *)a.w + blockIdx.x * a.fan_in;
    const float *dy = (const float *)a.dy + blockIdx.x * a.fan_in;
    const float2 moments = filter_moments(w, a.fan_in);
    float sum = 0, product = 0;
    for (long long i = threadIdx.x; i < a.fan_in; i += GCB_BLOCK) {
        sum += dy[i];
        product += dy[i] * (w[i] - moments.x);
    }
    const float mean = block_sum(sum) / a.fan_in;
    product = block_sum(product);
    const float reciprocal = 1 / (moments.y + a.epsilon);
    const float share = moments.y == 0 ? 0 : product / ((a.fan_in - 1) * moments.y);
    const float slope = share * reciprocal * reciprocal;
    for (long long i = threadIdx.x; i < a.fan_in; i += GCB_BLOCK)
        ((float *)a.y)[blockIdx.x * a.fan_in + i] =
            (dy[i] - mean) * reciprocal - (w[i] - moments.x) * slope;
}

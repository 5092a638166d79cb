// The second steps of sums over rows: over the splits, in order.

/// The rows of one split of a normalization.
GCB_DEVICE float rows_of_split(const gcb_normalization &a, int split)
{
    const long long share = (a.rows + a.splits - 1) / a.splits;
    const long long first = split * share;
    return first >= a.rows ? 0 : first + share < a.rows ? share : a.rows - first;
}

/// A thread for each set of numbers with common statistics: mean and biased variance.
GCB_KERNEL(finish_moments, gcb_normalization)
{
    const gcb_normalization &a = arguments;
    const long long set = global_index();
    if (set >= (long long)a.images * a.groups) return;
    const int image = set / a.groups, size = a.channels / a.groups;
    const int first = set % a.groups * size;
    float count = 0, mean = 0, squares = 0;
    for (int split = 0; split < a.splits; split++) {
        const float rows = rows_of_split(a, split);
        if (rows == 0) continue;
        for (int c = first; c < first + size; c++) {
            const float2 part =
                ((const float2 *)a.partials)[((long long)image * a.splits + split) * a.channels
                                             + c];
            const float difference = part.x - mean, share = rows / (count + rows);
            squares += part.y + difference * difference * count * share;
            mean += difference * share;
            count += rows;
        }
    }
    ((float *)a.mean)[set] = mean;
    ((float *)a.variance)[set] = squares / count;
}

/// A thread for each channel, dβ = Σ dy and dγ = Σ dy·x̂, and for each set the means of γ·dy and
/// γ·dy·x̂.
GCB_KERNEL(finish_gradient, gcb_normalization)
{
    const gcb_normalization &a = arguments;
    const long long i = global_index();
    const float2 *partials = (const float2 *)a.partials;
    if (i < a.channels) {
        float2 sum = {0, 0};
        for (long long part = 0; part < (long long)a.images * a.splits; part++) {
            sum.x += partials[part * a.channels + i].x;
            sum.y += partials[part * a.channels + i].y;
        }
        ((float *)a.dshift)[i] = sum.x;
        ((float *)a.dscale)[i] = sum.y;
    }
    if (i >= (long long)a.images * a.groups) return;
    const int image = i / a.groups, size = a.channels / a.groups;
    const int first = i % a.groups * size;
    float2 sum = {0, 0};
    for (int c = first; c < first + size; c++) {
        float2 channel = {0, 0};
        for (int split = 0; split < a.splits; split++) {
            const float2 part =
                partials[((long long)image * a.splits + split) * a.channels + c];
            channel.x += part.x;
            channel.y += part.y;
        }
        const float scale = ((const float *)a.scale)[c];
        sum.x += scale * channel.x;
        sum.y += scale * channel.y;
    }
    const float count = (float)a.rows * size;
    ((float2 *)a.coefficients)[i] = {sum.x / count, sum.y / count};
}

/// y[channel] = Σ x[split, channel]; `rows` are the splits.
GCB_KERNEL(finish_columns, gcb_column_sums)
{
    const gcb_column_sums &a = arguments;
    const long long channel = global_index();
    if (channel >= a.channels) return;
    float sum = 0;
    for (long long split = 0; split < a.rows; split++)
        sum += ((const float *)a.x)[split * a.channels + channel];
    ((float *)a.y)[channel] = sum;
}

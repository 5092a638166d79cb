// Pooling over channels-last activations: a thread for each element of the result, so that sums
// have one order. Compiled for each format of activations.

/// The indices of element i of an image of the given extents.
struct pixel {
    int image, row, column, channel;

    GCB_DEVICE_MEMBER pixel(long long i, int height, int width, int channels)
    {
        channel = i % channels;
        i /= channels;
        column = i % width;
        i /= width;
        row = i % height;
        image = i / height;
    }
};

GCB_DEVICE long long place(
    int image, int row, int column, int channel, int height, int width, int channels)
{
    return (((long long)image * height + row) * width + column) * channels + channel;
}

/// Of equals the first wins; a NaN wins over numbers, the last over earlier ones.
GCB_KERNEL(max_pool, gcb_pooling)
{
    const gcb_pooling &a = arguments;
    const long long i = global_index();
    if (i >= (long long)a.images * a.pooled_height * a.pooled_width * a.channels) return;
    const pixel p(i, a.pooled_height, a.pooled_width, a.channels);
    float largest = 0;
    int winner = -1;
    for (int ky = 0; ky < a.kernel; ky++) {
        const int y = p.row * a.stride + ky - a.padding;
        if (y < 0 || y >= a.height) continue;
        for (int kx = 0; kx < a.kernel; kx++) {
            const int x = p.column * a.stride + kx - a.padding;
            if (x < 0 || x >= a.width) continue;
            const float number = to_float(((const activation *)a.x)[place(
                p.image, y, x, p.channel, a.height, a.width, a.channels)]);
            if (winner < 0 || number > largest || number != number) {
                largest = number;
                winner = ky * a.kernel + kx;
            }
        }
    }
    set(((activation *)a.y)[i], largest);
    ((unsigned char *)a.positions)[i] = winner;
}

/// Calls body with the number of each output whose tap covers this pixel, and the tap's number;
/// taps in order.
template <class Body> GCB_DEVICE void for_outputs(const gcb_pooling &a, const pixel &p, Body &body)
{
    for (int ky = 0; ky < a.kernel; ky++) {
        const int y = p.row + a.padding - ky;
        if (y < 0 || y % a.stride != 0 || y / a.stride >= a.pooled_height) continue;
        for (int kx = 0; kx < a.kernel; kx++) {
            const int x = p.column + a.padding - kx;
            if (x < 0 || x % a.stride != 0 || x / a.stride >= a.pooled_width) continue;
            body.add(
                place(p.image, y / a.stride, x / a.stride, p.channel, a.pooled_height,
                      a.pooled_width, a.channels),
                ky * a.kernel + kx);
        }
    }
}

struct winner_sum {
    const gcb_pooling &a;
    float sum;

    GCB_DEVICE_MEMBER void add(long long output, int tap)
    {
        if (((const unsigned char *)a.positions)[output] == tap)
            sum += to_float(((const activation *)a.y)[output]);
    }
};

/// x is the gradient that is written, y the one that is read.
GCB_KERNEL(max_pool_gradient, gcb_pooling)
{
    const gcb_pooling &a = arguments;
    const long long i = global_index();
    if (i >= (long long)a.images * a.height * a.width * a.channels) return;
    const pixel p(i, a.height, a.width, a.channels);
    winner_sum body{a, 0};
    for_outputs(a, p, body);
    set(((activation *)a.x)[i], body.sum);
}

/// Padding counts as zeros.
GCB_KERNEL(average_pool, gcb_pooling)
{
    const gcb_pooling &a = arguments;
    const long long i = global_index();
    if (i >= (long long)a.images * a.pooled_height * a.pooled_width * a.channels) return;
    const pixel p(i, a.pooled_height, a.pooled_width, a.channels);
    float sum = 0;
    for (int ky = 0; ky < a.kernel; ky++) {
        const int y = p.row * a.stride + ky - a.padding;
        if (y < 0 || y >= a.height) continue;
        for (int kx = 0; kx < a.kernel; kx++) {
            const int x = p.column * a.stride + kx - a.padding;
            if (x < 0 || x >= a.width) continue;
            sum += to_float(((const activation *)a.x)[place(
                p.image, y, x, p.channel, a.height, a.width, a.channels)]);
        }
    }
    set(((activation *)a.y)[i], sum / (a.kernel * a.kernel));
}

struct plain_sum {
    const gcb_pooling &a;
    float sum;

    GCB_DEVICE_MEMBER void add(long long output, int)
    {
        sum += to_float(((const activation *)a.y)[output]);
    }
};

GCB_KERNEL(average_pool_gradient, gcb_pooling)
{
    const gcb_pooling &a = arguments;
    const long long i = global_index();
    if (i >= (long long)a.images * a.height * a.width * a.channels) return;
    const pixel p(i, a.height, a.width, a.channels);
    plain_sum body{a, 0};
    for_outputs(a, p, body);
    set(((activation *)a.x)[i], body.sum / (a.kernel * a.kernel));
}

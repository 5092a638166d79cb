// Convolutions for shapes that cuDNN has no engine for: correct for any, fast for none. Sums have
// one order. Compiled for each format of activations; shares pixel and place with pooling.cuh.

GCB_DEVICE long long weight_place(const gcb_direct_convolution &a, int o, int ky, int kx, int i)
{
    return (((long long)o * a.kernel + ky) * a.kernel + kx) * (a.channels / a.groups) + i;
}

/// A thread for each element of y.
GCB_KERNEL(convolve, gcb_direct_convolution)
{
    const gcb_direct_convolution &a = arguments;
    const long long index = global_index();
    if (index >= (long long)a.images * a.out_height * a.out_width * a.outputs) return;
    const pixel p(index, a.out_height, a.out_width, a.outputs);
    const int inputs = a.channels / a.groups;
    const int first = p.channel / (a.outputs / a.groups) * inputs;
    float sum = 0;
    for (int ky = 0; ky < a.kernel; ky++) {
        const int y = p.row * a.stride + ky - a.padding;
        if (y < 0 || y >= a.height) continue;
        for (int kx = 0; kx < a.kernel; kx++) {
            const int x = p.column * a.stride + kx - a.padding;
            if (x < 0 || x >= a.width) continue;
            const activation *source =
                (const activation *)a.x + place(p.image, y, x, first, a.height, a.width, a.channels);
            const activation *weight =
                (const activation *)a.w + weight_place(a, p.channel, ky, kx, 0);
            for (int i = 0; i < inputs; i++) sum += to_float(weight[i]) * to_float(source[i]);
        }
    }
    if (a.bias) sum += ((const float *)a.bias)[p.channel];
    if (a.residual) sum += to_float(((const activation *)a.residual)[index]);
    set(((activation *)a.y)[index], a.rectifies && sum < 0 ? 0 : sum);
}

/// A thread for each element of dx, which is x here; dy is y.
GCB_KERNEL(convolve_by_data, gcb_direct_convolution)
{
    const gcb_direct_convolution &a = arguments;
    const long long index = global_index();
    if (index >= (long long)a.images * a.height * a.width * a.channels) return;
    const pixel p(index, a.height, a.width, a.channels);
    const int inputs = a.channels / a.groups, outputs = a.outputs / a.groups;
    const int first = p.channel / inputs * outputs;
    float sum = 0;
    for (int ky = 0; ky < a.kernel; ky++) {
        const int y = p.row + a.padding - ky;
        if (y < 0 || y % a.stride != 0 || y / a.stride >= a.out_height) continue;
        for (int kx = 0; kx < a.kernel; kx++) {
            const int x = p.column + a.padding - kx;
            if (x < 0 || x % a.stride != 0 || x / a.stride >= a.out_width) continue;
            const long long source = place(
                p.image, y / a.stride, x / a.stride, 0, a.out_height, a.out_width, a.outputs);
            for (int o = first; o < first + outputs; o++) {
                const long long weight = weight_place(a, o, ky, kx, p.channel % inputs);
                sum += to_float(((const activation *)a.w)[weight])
                       * to_float(((const activation *)a.y)[source + o]);
            }
        }
    }
    set(((activation *)a.x)[index], sum);
}

/// A thread for each element of dw, which is w here and has master precision; dy is y. Sums of
/// rows, of images and of the batch are kept apart, so that small terms are not lost.
GCB_KERNEL(convolve_by_weights, gcb_direct_convolution)
{
    const gcb_direct_convolution &a = arguments;
    const int inputs = a.channels / a.groups;
    const long long index = global_index();
    if (index >= (long long)a.outputs * a.kernel * a.kernel * inputs) return;
    const int i = index % inputs, kx = index / inputs % a.kernel;
    const int ky = index / inputs / a.kernel % a.kernel;
    const int o = index / inputs / a.kernel / a.kernel;
    const int channel = o / (a.outputs / a.groups) * inputs + i;
    float sum = 0;
    for (int n = 0; n < a.images; n++) {
        float of_image = 0;
        for (int row = 0; row < a.out_height; row++) {
            const int y = row * a.stride + ky - a.padding;
            if (y < 0 || y >= a.height) continue;
            float of_row = 0;
            for (int column = 0; column < a.out_width; column++) {
                const int x = column * a.stride + kx - a.padding;
                if (x < 0 || x >= a.width) continue;
                const long long from = place(n, y, x, channel, a.height, a.width, a.channels);
                const long long to =
                    place(n, row, column, o, a.out_height, a.out_width, a.outputs);
                of_row += to_float(((const activation *)a.x)[from])
                          * to_float(((const activation *)a.y)[to]);
            }
            of_image += of_row;
        }
        sum += of_image;
    }
    ((float *)a.w)[index] = sum;
}

// One pass over memory, sixteen bytes at a time. Compiled for each format of activations.

/// Calls body with the width and the place of the elements that belong to this thread: whole packs
/// first, then the elements that fill none.
template <class Body> GCB_DEVICE void for_own_elements(long long count, const Body &body)
{
    const long long i = global_index();
    const long long packs = count / GCB_WIDTH;
    if (i < packs) {
        body.template run<GCB_WIDTH>(i * GCB_WIDTH);
    } else if (packs * GCB_WIDTH + i - packs < count) {
        body.template run<1>(packs * GCB_WIDTH + i - packs);
    }
}

struct relu_body {
    const gcb_elementwise &a;

    /// A NaN stays one.
    template <int W> GCB_DEVICE_MEMBER void run(long long i) const
    {
        float x[W];
        load<W>(x, (const activation *)a.a + i);
        for (int j = 0; j < W; j++) x[j] = x[j] < 0 ? 0 : x[j];
        store<W>((activation *)a.y + i, x);
    }
};

GCB_KERNEL(relu, gcb_elementwise) { for_own_elements(arguments.count, relu_body{arguments}); }

struct relu_gradient_body {
    const gcb_elementwise &a;

    template <int W> GCB_DEVICE_MEMBER void run(long long i) const
    {
        float dy[W], y[W];
        load<W>(dy, (const activation *)a.a + i);
        load<W>(y, (const activation *)a.b + i);
        for (int j = 0; j < W; j++) dy[j] = y[j] > 0 ? dy[j] : 0;
        store<W>((activation *)a.y + i, dy);
    }
};

GCB_KERNEL(relu_gradient, gcb_elementwise)
{
    for_own_elements(arguments.count, relu_gradient_body{arguments});
}

struct sum_body {
    const gcb_elementwise &a;

    template <int W> GCB_DEVICE_MEMBER void run(long long i) const
    {
        float x[W], y[W];
        load<W>(x, (const activation *)a.a + i);
        load<W>(y, (const activation *)a.b + i);
        for (int j = 0; j < W; j++) x[j] = a.alpha * x[j] + a.beta * y[j];
        store<W>((activation *)a.y + i, x);
    }
};

/// α·a + β·b.
GCB_KERNEL(sum, gcb_elementwise) { for_own_elements(arguments.count, sum_body{arguments}); }

struct fill_body {
    const gcb_elementwise &a;

    template <int W> GCB_DEVICE_MEMBER void run(long long i) const
    {
        float x[W];
        for (int j = 0; j < W; j++) x[j] = a.alpha;
        store<W>((activation *)a.y + i, x);
    }
};

GCB_KERNEL(fill, gcb_elementwise) { for_own_elements(arguments.count, fill_body{arguments}); }

/// x is an activation, or float32 where a library has left its sums unrounded.
template <class X> struct finish_body {
    const gcb_finish &a;

    template <int W> GCB_DEVICE_MEMBER void run(long long i) const
    {
        float x[W], residual[W];
        load<W>(x, (const X *)a.x + i);
        if (a.residual) load<W>(residual, (const activation *)a.residual + i);
        for (int j = 0; j < W; j++) {
            if (a.bias) x[j] += ((const float *)a.bias)[(i + j) % a.channels];
            if (a.residual) x[j] += residual[j];
            if (a.rectifies && x[j] < 0) x[j] = 0;
        }
        store<W>((activation *)a.y + i, x);
    }
};

GCB_KERNEL(finish, gcb_finish)
{
    for_own_elements(arguments.count, finish_body<activation>{arguments});
}

GCB_KERNEL(finish_sums, gcb_finish)
{
    for_own_elements(arguments.count, finish_body<float>{arguments});
}

/// A thread for each element, rows of fan-in elements.
GCB_KERNEL(fold_normalization, gcb_folding)
{
    const gcb_folding &a = arguments;
    const long long i = global_index();
    if (i >= a.outputs * a.fan_in) return;
    const int o = i / a.fan_in;
    const float factor =
        ((const float *)a.scale)[o] / sqrtf(((const float *)a.variance)[o] + a.epsilon);
    set(((activation *)a.folded_weight)[i], factor * to_float(((const activation *)a.weight)[i]));
    if (i % a.fan_in != 0) return;
    const float bias = a.bias ? ((const float *)a.bias)[o] : 0;
    ((float *)a.folded_bias)[o] =
        (bias - ((const float *)a.mean)[o]) * factor + ((const float *)a.shift)[o];
}

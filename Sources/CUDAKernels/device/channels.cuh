// Channels side by side, and elements that are dropped. Compiled for each format of activations.

/// A thread for each pack of W channels: target[row, to + c] = source[row, from + c] [+ other].
template <int W> GCB_DEVICE void copy_channels(const gcb_channels &a)
{
    const long long i = global_index() * W;
    if (i >= a.rows * a.count) return;
    const long long row = i / a.count, c = i % a.count;
    float x[W], other[W];
    load<W>(x, (const activation *)a.source + row * a.source_channels + a.from + c);
    if (a.other) {
        load<W>(other, (const activation *)a.other + i);
        for (int j = 0; j < W; j++) x[j] += other[j];
    }
    store<W>((activation *)a.target + row * a.target_channels + a.to + c, x);
}

GCB_KERNEL(copy_channels_wide, gcb_channels) { copy_channels<GCB_WIDTH>(arguments); }
GCB_KERNEL(copy_channels_single, gcb_channels) { copy_channels<1>(arguments); }

/// A thread for each element: x·scale where its number is not below the threshold, else 0.
GCB_KERNEL(dropout, gcb_dropout)
{
    const gcb_dropout &a = arguments;
    const long long i = global_index();
    if (i >= a.count) return;
    const dropout_words words = words_of(*(const unsigned long long *)a.key, a.layer);
    const bool is_kept = draw(words, row_major(i, a.channels, a.pixels)) >= a.threshold;
    set(((activation *)a.y)[i], is_kept ? a.scale * to_float(((const activation *)a.x)[i]) : 0);
}

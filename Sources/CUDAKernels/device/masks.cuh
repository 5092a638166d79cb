// Masks of which the probability is a number on the device.

/// A thread for each element: 0 with probability p, else 1/(1 − p); if p is a NaN, nothing is below
/// it, and every element becomes one.
GCB_KERNEL(dropout_mask, gcb_dropout)
{
    const gcb_dropout &a = arguments;
    const long long i = global_index();
    if (i >= a.count) return;
    const double p = *(const float *)a.x;
    const dropout_words words = words_of(*(const unsigned long long *)a.key, a.layer);
    const double drawn = draw(words, row_major(i, a.channels, a.pixels));
    const bool is_dropped = drawn < p * 4294967296.0;
    ((float *)a.y)[i] = is_dropped ? 0 : 1 / (1 - p);
}

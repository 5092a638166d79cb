// Which elements are dropped: the host's Dropout, word for word. An element's number depends on the
// key, the layer and its row-major place alone.

struct dropout_words {
    unsigned first, second;
};

/// splitmix64's mixing of key and layer.
GCB_DEVICE dropout_words words_of(unsigned long long key, unsigned long long layer)
{
    unsigned long long mixed = key ^ layer;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9ull;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBull;
    mixed ^= mixed >> 31;
    return {(unsigned)mixed, (unsigned)(mixed >> 32)};
}

GCB_DEVICE unsigned dropout_hash(unsigned x)
{
    x = (x ^ x >> 16) * 0x7FEB352Du;
    x = (x ^ x >> 15) * 0x846CA68Bu;
    return x ^ x >> 16;
}

GCB_DEVICE unsigned draw(const dropout_words &words, unsigned index)
{
    return dropout_hash(dropout_hash(index ^ words.first) ^ words.second);
}

/// The row-major number of the element that lies at i, channels innermost.
GCB_DEVICE unsigned row_major(long long i, int channels, long long pixels)
{
    const long long image = i / (channels * pixels), pixel = i / channels % pixels;
    return (image * channels + i % channels) * pixels + pixel;
}

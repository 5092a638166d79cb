// Between layouts and formats, and from stored images to batches.

GCB_DEVICE long long permuted(const gcb_permutation &a, long long index)
{
    long long offset = 0;
    for (int axis = a.rank - 1; axis >= 0; axis--) {
        offset += index % a.extents[axis] * a.strides[axis];
        index /= a.extents[axis];
    }
    return offset;
}

template <class Element> GCB_DEVICE void permute(const gcb_permutation &a)
{
    const long long i = global_index();
    if (i >= a.count) return;
    ((Element *)a.target)[i] = ((const Element *)a.source)[permuted(a, i)];
}

GCB_KERNEL(permute_1, gcb_permutation) { permute<unsigned char>(arguments); }
GCB_KERNEL(permute_2, gcb_permutation) { permute<unsigned short>(arguments); }
GCB_KERNEL(permute_4, gcb_permutation) { permute<unsigned>(arguments); }
GCB_KERNEL(permute_8, gcb_permutation) { permute<unsigned long long>(arguments); }

template <class From, class To> GCB_DEVICE void convert(const gcb_permutation &a)
{
    const long long i = global_index();
    if (i >= a.count) return;
    set(((To *)a.target)[i], to_float(((const From *)a.source)[permuted(a, i)]));
}

GCB_KERNEL(narrow, gcb_permutation) { convert<float, bfloat16>(arguments); }
GCB_KERNEL(widen, gcb_permutation) { convert<bfloat16, float>(arguments); }

/// A thread for each number of the batch: that of the pixel which comes to lie there, black outside
/// of the stored image. It is the host's number, bit for bit, since the table is the host's.
GCB_KERNEL(place_images, gcb_placing)
{
    const gcb_placing &a = arguments;
    long long i = global_index();
    if (i >= a.count) return;
    float *y = (float *)a.y + i;
    const int x = i % a.width;
    i /= a.width;
    const int row_of_batch = i % a.height;
    i /= a.height;
    const int channel = i % a.channels;
    const gcb_placed_image image = ((const gcb_placed_image *)a.placements)[i / a.channels];
    const int row = row_of_batch + image.row;
    const int column = (image.is_mirrored ? a.width - 1 - x : x) + image.column;
    const bool is_inside = row >= 0 && row < a.height && column >= 0 && column < a.width;
    const long long plane = (long long)image.index * a.channels + channel;
    const unsigned char pixel =
        is_inside ? ((const unsigned char *)a.images)[(plane * a.height + row) * a.width + column]
                  : 0;
    *y = ((const float *)a.table)[channel * 256 + pixel];
}

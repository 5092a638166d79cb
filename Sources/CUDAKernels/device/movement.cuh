// Between layouts and formats.

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

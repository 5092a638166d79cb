import COneDNN
import Graphs
import Tensors

/// A tensor as oneDNN is told of it: shape, format and, where it is decided, layout.
struct TensorDescription {
    let shape: [Int]
    /// Nil where the library may choose.
    let layout: Layout?

    init(_ shape: Shape, _ layout: Layout?) {
        self.init(shape: shape.dimensions, layout: layout)
    }

    init(shape: [Int], layout: Layout?) {
        self.shape = shape
        self.layout = layout
    }

    /// The C value. Throws where the layout has no name in oneDNN.
    func tensor() throws(OneDNNFailure) -> gcb_tensor {
        var tensor = gcb_tensor()
        tensor.rank = Int32(shape.count)
        tensor.type = dnnl_f32
        tensor.tag = dnnl_format_tag_any
        withUnsafeMutableBytes(of: &tensor.dims) { bytes in
            let dims = bytes.bindMemory(to: Int64.self)
            for (axis, extent) in shape.enumerated() { dims[axis] = Int64(extent) }
        }
        guard let layout else { return tensor }
        tensor.tag = gcb_dnn_tag(layout.description)
        guard tensor.tag != dnnl_format_tag_undef else {
            throw OneDNNFailure(action: "use the layout \(layout)", reason: "it has no such format")
        }
        return tensor
    }

    /// The layout that a primitive chose for this tensor; nil where it is not made of blocks.
    func layout(chosenBy descriptor: PrimitiveDescriptor, at place: dnnl_query_t) -> Layout? {
        guard let tensor = try? TensorDescription(shape: shape, layout: nil).tensor() else {
            return nil
        }
        let chosen = gcb_dnn_chosen(descriptor.handle, place, tensor)
        guard chosen.tag != dnnl_format_tag_undef, let name = dnnl_fmt_tag2str(chosen.tag) else {
            return nil
        }
        return Layout(String(cString: name))
    }
}

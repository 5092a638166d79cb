import COneDNN
import Graphs
import Tensors

/// A tensor as oneDNN is told of it: shape, format and, where it is decided, layout.
struct TensorDescription {
    let shape: [Int]
    let scalarType: ScalarType
    /// Nil where the library may choose.
    let layout: Layout?

    init(_ spec: TensorSpec, _ layout: Layout?) {
        self.init(shape: spec.shape.dimensions, spec.scalarType, layout)
    }

    init(_ region: Region) { self.init(region.spec, region.layout) }

    init(shape: [Int], _ scalarType: ScalarType, _ layout: Layout?) {
        self.shape = shape
        self.scalarType = scalarType
        self.layout = layout
    }

    /// The C value. Throws where layout or format have no name in oneDNN.
    func tensor() throws(OneDNNFailure) -> gcb_tensor {
        var tensor = gcb_tensor()
        tensor.rank = Int32(shape.count)
        tensor.type = try dataType()
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

    private func dataType() throws(OneDNNFailure) -> dnnl_data_type_t {
        switch scalarType {
        case .float32: return dnnl_f32
        case .bfloat16: return dnnl_bf16
        case .int32: return dnnl_s32
        case .uint8: return dnnl_u8
        case .float64, .int64:
            throw OneDNNFailure(
                action: "use \(scalarType.rawValue)", reason: "it has no such format")
        }
    }

    /// The layout that a primitive chose for this tensor; nil where it is not made of blocks.
    func layout(chosenBy descriptor: PrimitiveDescriptor, at place: dnnl_query_t) -> Layout? {
        guard let tensor = try? TensorDescription(shape: shape, scalarType, nil).tensor() else {
            return nil
        }
        let chosen = gcb_dnn_chosen(descriptor.handle, place, tensor)
        guard chosen.tag != dnnl_format_tag_undef, let name = dnnl_fmt_tag2str(chosen.tag) else {
            return nil
        }
        return Layout(String(cString: name))
    }
}

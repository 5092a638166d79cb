import COneDNN
import Graphs
import Tensors

/// A convolution in one of its three directions, as oneDNN is asked for it.
struct ConvolutionProblem: Hashable {
    enum Direction: String, Hashable {
        case forward
        case dataGradient = "data gradient"
        case weightGradient = "weight gradient"
    }

    let direction: Direction
    /// The formats are those of the operation: bfloat16 data have weights to match and a weight
    /// gradient in float32.
    let data: TensorSpec
    let weight: TensorSpec
    let result: TensorSpec
    let window: Window
    let groups: Int
    let hasBias: Bool
    var epilogue = Epilogue.none

    /// How data, weights and result (or their gradients) lie; nil where the library may choose.
    struct Layouts: Hashable {
        var data: Layout?
        var weight: Layout?
        var result: Layout?
    }

    // MARK: - Descriptors

    /// What oneDNN would do with these layouts, by the faster algorithm where it has both.
    func descriptor(_ layouts: Layouts, on library: OneDNN) throws(OneDNNFailure)
        -> PrimitiveDescriptor
    {
        if suitsWinograd,
            let winograd = try? descriptor(layouts, dnnl_convolution_winograd, on: library)
        {
            return winograd
        }
        return try descriptor(layouts, dnnl_convolution_direct, on: library)
    }

    private func descriptor(
        _ layouts: Layouts, _ algorithm: dnnl_alg_kind_t, on library: OneDNN
    ) throws(OneDNNFailure) -> PrimitiveDescriptor {
        let tensors = try tensors(layouts)
        switch direction {
        case .forward: return try forward(tensors, algorithm, on: library)
        case .dataGradient, .weightGradient:
            let hint = try forward(
                try forwardProblem.tensors(Layouts()), algorithm, on: library)
            return try gradient(tensors, algorithm, hint: hint, on: library)
        }
    }

    /// The descriptor for exactly these layouts, which are all decided.
    ///
    /// A kernel with a single block along an axis lies the same under several names, of which the
    /// generated code may know another than ours. Then the library is asked what it likes: if that
    /// lies the same, it is what we want.
    func settledDescriptor(_ layouts: Layouts, on library: OneDNN) throws(OneDNNFailure)
        -> PrimitiveDescriptor
    {
        let exact = try descriptor(layouts, on: library)
        if exact.isGenerated { return exact }
        var free = layouts
        free.weight = nil
        let liked = try descriptor(free, on: library)
        return liked.isGenerated && self.layouts(of: liked) == layouts ? liked : exact
    }

    /// The forward convolution that this is a gradient of.
    private var forwardProblem: ConvolutionProblem {
        ConvolutionProblem(
            direction: .forward, data: data, weight: TensorSpec(weight.shape, data.scalarType),
            result: result, window: window, groups: groups, hasBias: false)
    }

    /// The layouts a descriptor settled on; nil where one of them has no name.
    func layouts(of descriptor: PrimitiveDescriptor) -> Layouts? {
        let places = places
        guard
            let data = TensorDescription(data, nil).layout(chosenBy: descriptor, at: places.data),
            let weight = weightDescription(nil).layout(chosenBy: descriptor, at: places.weight),
            let result = TensorDescription(result, nil)
                .layout(chosenBy: descriptor, at: places.result),
            let joined = groups == 1
                ? weight : weight.joiningOutputs(groups: groups, outputsPerGroup: outputsPerGroup)
        else { return nil }
        return Layouts(data: data, weight: joined, result: result)
    }

    struct Tensors {
        var data: gcb_tensor
        var weight: gcb_tensor
        var bias: gcb_tensor
        var result: gcb_tensor
    }

    func tensors(_ layouts: Layouts) throws(OneDNNFailure) -> Tensors {
        var weight = layouts.weight
        if let layout = weight, groups > 1 {
            weight = layout.splittingOutputs(groups: groups, outputsPerGroup: outputsPerGroup)
            if weight == nil {
                throw OneDNNFailure(
                    action: "split \(layout) into \(groups) groups", reason: "blocks cross groups")
            }
        }
        return Tensors(
            data: try TensorDescription(data, layouts.data).tensor(),
            weight: try weightDescription(weight).tensor(),
            bias: hasBias
                ? try TensorDescription(
                    shape: [self.weight.shape[0]], .float32, .rowMajor(rank: 1)
                ).tensor() : gcb_tensor(),
            result: try TensorDescription(result, layouts.result).tensor())
    }

    private var outputsPerGroup: Int { weight.shape[0] / groups }

    private func weightDescription(_ layout: Layout?) -> TensorDescription {
        groups == 1
            ? TensorDescription(weight, layout)
            : TensorDescription(
                shape: [groups, outputsPerGroup] + weight.shape.dimensions.dropFirst(),
                weight.scalarType, layout)
    }

    private var geometry: gcb_window {
        let (stride, padding) = (Int64(window.stride), Int64(window.padding))
        return gcb_window(
            stride: (stride, stride), dilation: (1, 1), padding_low: (padding, padding),
            padding_high: (padding, padding))
    }

    private func forward(
        _ tensors: Tensors, _ algorithm: dnnl_alg_kind_t, on library: OneDNN
    ) throws(OneDNNFailure) -> PrimitiveDescriptor {
        var (tensors, window) = (tensors, geometry)
        let attributes = try library.attributes(for: epilogue)
        return try PrimitiveDescriptor("find \(self)") {
            gcb_dnn_convolution_forward(
                $0, library.engine, algorithm, &tensors.data, &tensors.weight, &tensors.bias,
                &tensors.result, &window, attributes)
        }
    }

    private func gradient(
        _ tensors: Tensors, _ algorithm: dnnl_alg_kind_t, hint: PrimitiveDescriptor,
        on library: OneDNN
    ) throws(OneDNNFailure) -> PrimitiveDescriptor {
        var (tensors, window) = (tensors, geometry)
        let isForData = direction == .dataGradient
        return try PrimitiveDescriptor("find \(self)") {
            isForData
                ? gcb_dnn_convolution_backward_data(
                    $0, library.engine, algorithm, &tensors.data, &tensors.weight,
                    &tensors.result, &window, hint.handle, library.attributes)
                : gcb_dnn_convolution_backward_weights(
                    $0, library.engine, algorithm, &tensors.data, &tensors.weight, &tensors.bias,
                    &tensors.result, &window, hint.handle, library.attributes)
        }
    }

    // MARK: - Names

    private var places: (data: dnnl_query_t, weight: dnnl_query_t, result: dnnl_query_t) {
        switch direction {
        case .forward: (dnnl_query_src_md, dnnl_query_weights_md, dnnl_query_dst_md)
        case .dataGradient: (dnnl_query_diff_src_md, dnnl_query_weights_md, dnnl_query_diff_dst_md)
        case .weightGradient:
            (dnnl_query_src_md, dnnl_query_diff_weights_md, dnnl_query_diff_dst_md)
        }
    }

    /// The numbers of the arguments when the primitive runs.
    var argumentNumbers: (data: Int32, weight: Int32, result: Int32) {
        switch direction {
        case .forward: (DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST)
        case .dataGradient: (DNNL_ARG_DIFF_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_DST)
        case .weightGradient: (DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST)
        }
    }
}

extension ConvolutionProblem: CustomStringConvertible {
    var description: String {
        "a convolution (\(direction.rawValue)) of \(data) with \(weight) in \(groups) groups"
    }
}

extension ConvolutionProblem {
    /// What an instruction or a node asks for; nil where it is no convolution.
    init?(_ operation: Operation, operands: [TensorSpec], results: [TensorSpec]) {
        switch operation {
        case .convolution(let rule):
            self.init(
                direction: .forward, data: operands[0], weight: operands[1], result: results[0],
                window: rule.window, groups: rule.groups, hasBias: rule.hasBias,
                epilogue: rule.epilogue)
        case .convolutionDataGradient(let rule):
            self.init(
                direction: .dataGradient, data: results[0], weight: operands[1],
                result: operands[0], window: rule.window, groups: rule.groups, hasBias: false)
        case .convolutionWeightGradient(let rule):
            self.init(
                direction: .weightGradient, data: operands[1], weight: results[0],
                result: operands[0], window: rule.window, groups: rule.groups, hasBias: false)
        default: return nil
        }
    }
}

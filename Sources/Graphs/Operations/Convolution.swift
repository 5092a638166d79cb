public import Tensors

/// The geometry of a two-dimensional convolution or pooling window, the same in both directions
/// of space.
public struct Window: Hashable, Sendable, Codable {
    public let kernel: Int
    public let stride: Int
    public let padding: Int

    public init(kernel: Int, stride: Int = 1, padding: Int = 0) {
        precondition(kernel > 0 && stride > 0 && padding >= 0, "impossible window")
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
    }

    /// ⌊(extent + 2·padding − kernel) / stride⌋ + 1, or nil where the window does not fit.
    public func outputExtent(of extent: Int) -> Int? {
        let room = extent + 2 * padding - kernel
        return room < 0 ? nil : room / stride + 1
    }

    func outputExtents(of shape: Shape, operation: String) throws(ShapeError) -> (Int, Int) {
        guard shape.rank == 4 else { throw ShapeError(operation, "\(shape) is not [N, C, H, W]") }
        guard let height = outputExtent(of: shape[2]), let width = outputExtent(of: shape[3]) else {
            throw ShapeError(
                operation, "a window of \(kernel) does not fit \(shape) padded by \(padding)")
        }
        return (height, width)
    }
}

/// y[n, o, y, x] = b[o] + Σ_{i, ky, kx} w[o, i, ky, kx] · x[n, g(o) + i, y·s + ky − p, x·s + kx − p]
///
/// Operands: x `[N, C, H, W]`, w `[O, C/groups, K, K]`, optionally b `[O]`, and r like y if a
/// residual is added. Result: y `[N, O, H', W']`, with the epilogue act(y [+ r]).
public struct Convolution: OperationRule {
    public let window: Window
    public let groups: Int
    public let hasBias: Bool
    public let epilogue: Epilogue

    public init(
        window: Window, groups: Int = 1, hasBias: Bool = false, epilogue: Epilogue = .none
    ) {
        self.window = window
        self.groups = groups
        self.hasBias = hasBias
        self.epilogue = epilogue
    }

    public var name: String { "convolution" + (hasBias ? "+bias" : "") + epilogue.suffix }

    private var operandCount: Int { 2 + (hasBias ? 1 : 0) + (epilogue.addsResidual ? 1 : 0) }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: operandCount...operandCount)
        let (x, weight) = (operands[0].shape, operands[1].shape)
        let (height, width) = try window.outputExtents(of: x, operation: name)
        try expect(
            weight.rank == 4 && weight[2] == window.kernel && weight[3] == window.kernel
                && x[1] % groups == 0 && weight[0] % groups == 0 && weight[1] == x[1] / groups,
            "a kernel of \(weight) in \(groups) groups does not fit \(x)")
        try expect(
            operands[0].scalarType == operands[1].scalarType,
            "a kernel of \(operands[1]) does not fit \(operands[0])")
        if hasBias {
            try expect(
                operands[2].shape == [weight[0]], "bias \(operands[2].shape) is not [\(weight[0])]")
        }
        let result = TensorSpec([x[0], weight[0], height, width], operands[0].scalarType)
        if epilogue.addsResidual {
            try expect(
                operands[operandCount - 1] == result,
                "residual \(operands[operandCount - 1]) is not \(result)")
        }
        return [result]
    }

    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return node.operands.map { _ in nil } }
        try expect(epilogue == .none, "differentiate before fusing")
        let (x, weight) = (node.operands[0], node.operands[1])
        var gradients: [Value?] = [nil, nil]
        // The weight gradient first: with the update that follows it, its memory is free again
        // before the data gradient is needed.
        if node.wanted[1] {
            gradients[1] = try graph.apply(
                .convolutionWeightGradient(
                    ConvolutionWeightGradient(
                        window: window, groups: groups,
                        weight: TensorSpec(weight.shape, weight.spec.scalarType.master))),
                to: [gradient, x])[0]
        }
        if node.wanted[0] {
            gradients[0] = try graph.apply(
                .convolutionDataGradient(
                    ConvolutionDataGradient(window: window, groups: groups, data: x.spec)),
                to: [gradient, weight])[0]
        }
        if hasBias {
            gradients.append(try graph.apply(.biasGradient(BiasGradient()), to: [gradient])[0])
        }
        return gradients
    }

    public func multiplyAdds(operands: [TensorSpec], results: [TensorSpec]) -> Int {
        results[0].shape.count * operands[1].shape.countPerSlice(along: 0)
    }
}

/// The gradient of a convolution with respect to its image.
///
/// Operands: dy `[N, O, H', W']`, w `[O, C/groups, K, K]`. Result: dx `[N, C, H, W]`.
public struct ConvolutionDataGradient: OperationRule {
    public let window: Window
    public let groups: Int
    /// The image of the forward convolution; its extents do not follow from dy when strided.
    public let data: TensorSpec

    public init(window: Window, groups: Int, data: TensorSpec) {
        self.window = window
        self.groups = groups
        self.data = data
    }

    public var name: String { "convolution data gradient" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 2...2)
        let forward = try Convolution(window: window, groups: groups)
            .results(of: [data, operands[1]])
        try expect(
            operands[0].shape == forward[0].shape,
            "dy \(operands[0].shape) is not \(forward[0].shape)")
        return [data]
    }

    public func multiplyAdds(operands: [TensorSpec], results: [TensorSpec]) -> Int {
        operands[0].shape.count * operands[1].shape.countPerSlice(along: 0)
    }
}

/// The gradient of a convolution with respect to its kernel.
///
/// Operands: dy `[N, O, H', W']`, x `[N, C, H, W]`. Result: dw `[O, C/groups, K, K]`, master
/// precision.
public struct ConvolutionWeightGradient: OperationRule {
    public let window: Window
    public let groups: Int
    public let weight: TensorSpec

    public init(window: Window, groups: Int, weight: TensorSpec) {
        self.window = window
        self.groups = groups
        self.weight = weight
    }

    public var name: String { "convolution weight gradient" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 2...2)
        let forward = try Convolution(window: window, groups: groups)
            .results(of: [operands[1], TensorSpec(weight.shape, operands[1].scalarType)])
        try expect(
            operands[0].shape == forward[0].shape,
            "dy \(operands[0].shape) is not \(forward[0].shape)")
        return [weight]
    }

    public func multiplyAdds(operands: [TensorSpec], results: [TensorSpec]) -> Int {
        operands[0].shape.count * weight.shape.countPerSlice(along: 0)
    }
}

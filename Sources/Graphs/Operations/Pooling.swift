public import Tensors

/// The largest number of each window; padding never wins.
///
/// Operand: x `[N, C, H, W]`. Results: y `[N, C, H', W']` and the winner's position in its window
/// (row · kernel + column, the first of equals), one byte each.
public struct MaxPool: OperationRule {
    public let window: Window

    public init(window: Window) { self.window = window }

    public var name: String { "max pool" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        try expect(
            window.kernel <= 15 && window.padding < window.kernel,
            "a window of \(window.kernel) with padding \(window.padding) cannot be pooled")
        let x = operands[0].shape
        let (height, width) = try window.outputExtents(of: x, operation: name)
        let shape: Shape = [x[0], x[1], height, width]
        return [TensorSpec(shape, operands[0].scalarType), TensorSpec(shape, .uint8)]
    }

    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return [nil] }
        let rule = MaxPoolGradient(window: window, data: node.operands[0].spec)
        return try graph.apply(.maxPoolGradient(rule), to: [gradient, node.results[1]])
    }
}

/// dy sent to each window's winner. Operands: dy `[N, C, H', W']`, positions. Result: dx
/// `[N, C, H, W]`.
public struct MaxPoolGradient: OperationRule {
    public let window: Window
    public let data: TensorSpec

    public init(window: Window, data: TensorSpec) {
        self.window = window
        self.data = data
    }

    public var name: String { "max pool gradient" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 2...2)
        let forward = try MaxPool(window: window).results(of: [data])
        try expect(operands[0] == forward[0], "dy \(operands[0]) is not \(forward[0])")
        return [data]
    }
}

/// The mean of each window; padding counts as zeros (PyTorch's `count_include_pad`).
///
/// Operand: x `[N, C, H, W]`. Result: y `[N, C, H', W']`.
public struct AveragePool: OperationRule {
    public let window: Window

    public init(window: Window) { self.window = window }

    public var name: String { "average pool" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        let x = operands[0].shape
        let (height, width) = try window.outputExtents(of: x, operation: name)
        return [TensorSpec([x[0], x[1], height, width], operands[0].scalarType)]
    }

    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return [nil] }
        let rule = AveragePoolGradient(window: window, data: node.operands[0].spec)
        return try graph.apply(.averagePoolGradient(rule), to: [gradient])
    }
}

/// dy / kernel², spread over each window. Operand: dy `[N, C, H', W']`. Result: dx `[N, C, H, W]`.
public struct AveragePoolGradient: OperationRule {
    public let window: Window
    public let data: TensorSpec

    public init(window: Window, data: TensorSpec) {
        self.window = window
        self.data = data
    }

    public var name: String { "average pool gradient" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        let forward = try AveragePool(window: window).results(of: [data])
        try expect(operands[0] == forward[0], "dy \(operands[0]) is not \(forward[0])")
        return [data]
    }
}

/// The mean over space. Operand: x `[N, C, H, W]`. Result: y `[N, C]`, master precision: a mean of
/// many numbers has more digits than they have.
public struct GlobalAveragePool: OperationRule {
    public init() {}

    public var name: String { "global average pool" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        let x = operands[0].shape
        try expect(x.rank == 4 && x[2] * x[3] > 0, "\(x) is not [N, C, H, W]")
        return [TensorSpec([x[0], x[1]], operands[0].scalarType.master)]
    }

    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return [nil] }
        let rule = GlobalAveragePoolGradient(data: node.operands[0].spec)
        return try graph.apply(.globalAveragePoolGradient(rule), to: [gradient])
    }
}

/// dx[n, c, y, x] = dy[n, c] / (H·W). Operand: dy `[N, C]`, master precision. Result: dx `[N, C, H, W]`.
public struct GlobalAveragePoolGradient: OperationRule {
    public let data: TensorSpec

    public init(data: TensorSpec) { self.data = data }

    public var name: String { "global average pool gradient" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        try expect(
            operands[0].shape == [data.shape[0], data.shape[1]],
            "dy \(operands[0].shape) does not fit \(data.shape)")
        return [data]
    }
}

public import Tensors

/// y = max(x, 0).
public struct Relu: OperationRule {
    public init() {}

    public var name: String { "relu" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        return operands
    }

    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return [nil] }
        return try graph.apply(.reluGradient(ReluGradient()), to: [gradient, node.results[0]])
    }
}

/// dx = dy where y > 0, else 0. Operands: dy, y (the result of the forward pass).
public struct ReluGradient: OperationRule {
    public init() {}

    public var name: String { "relu gradient" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 2...2)
        try expect(operands[0] == operands[1], "\(operands[0]) is not \(operands[1])")
        return [operands[0]]
    }
}

/// y = a + b, same shapes.
public struct Add: OperationRule {
    public init() {}

    public var name: String { "add" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 2...2)
        try expect(operands[0] == operands[1], "\(operands[0]) is not \(operands[1])")
        return [operands[0]]
    }

    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    { [node.resultGradients[0], node.resultGradients[0]] }
}

/// A tensor of one number repeated.
public struct Constant: OperationRule {
    public let value: Double
    public let spec: TensorSpec

    public init(_ value: Double, spec: TensorSpec) {
        self.value = value
        self.spec = spec
    }

    public var name: String { "constant" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 0...0)
        return [spec]
    }
}

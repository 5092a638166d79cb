public import Tensors

/// C = op(A) · op(B), where op transposes or not.
///
/// Operands: A `[M, K]` (or `[K, M]`), B `[K, N]` (or `[N, K]`). Result: C `[M, N]`, in the format
/// of `result` where that differs from A's (weight gradients are master precision).
public struct MatrixProduct: OperationRule {
    public let transposesLeft: Bool
    public let transposesRight: Bool
    public let result: ScalarType?

    public init(transposesLeft: Bool, transposesRight: Bool, result: ScalarType? = nil) {
        self.transposesLeft = transposesLeft
        self.transposesRight = transposesRight
        self.result = result
    }

    public var name: String { "matrix product" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 2...2)
        let (left, right) = (operands[0].shape, operands[1].shape)
        try expect(left.rank == 2 && right.rank == 2, "\(left) and \(right) are not matrices")
        let (rows, inner) = transposesLeft ? (left[1], left[0]) : (left[0], left[1])
        let (innerRight, columns) = transposesRight ? (right[1], right[0]) : (right[0], right[1])
        try expect(inner == innerRight, "\(left) and \(right) do not share an extent")
        return [TensorSpec([rows, columns], result ?? operands[0].scalarType)]
    }

    /// For y = x · wᵀ, the only form layers write: dx = dy · w and dw = dyᵀ · x.
    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return [nil, nil] }
        try expect(!transposesLeft && transposesRight, "only x · wᵀ can be differentiated")
        let (x, weight) = (node.operands[0], node.operands[1])
        let weightGradient =
            node.wanted[1]
            ? try graph.apply(
                .matrixProduct(
                    MatrixProduct(
                        transposesLeft: true, transposesRight: false,
                        result: weight.spec.scalarType)), to: [gradient, x])[0] : nil
        let dataGradient =
            node.wanted[0]
            ? try graph.apply(
                .matrixProduct(
                    MatrixProduct(
                        transposesLeft: false, transposesRight: false,
                        result: x.spec.scalarType)), to: [gradient, weight])[0] : nil
        return [dataGradient, weightGradient]
    }

    public func multiplyAdds(operands: [TensorSpec], results: [TensorSpec]) -> Int {
        let left = operands[0].shape
        return results[0].shape.count * (transposesLeft ? left[0] : left[1])
    }
}

/// y = x + b, broadcast over every axis but 1. Operands: x `[N, C, …]`, b `[C]`.
public struct AddBias: OperationRule {
    public init() {}

    public var name: String { "add bias" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 2...2)
        let (x, bias) = (operands[0].shape, operands[1].shape)
        try expect(x.rank >= 2 && bias == [x[1]], "bias \(bias) does not fit \(x)")
        return [operands[0]]
    }

    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return [nil, nil] }
        let biasGradient = try graph.apply(.biasGradient(BiasGradient()), to: [gradient])[0]
        return [gradient, biasGradient]
    }
}

/// db[c] = Σ dy over every axis but 1. Operand: dy `[N, C, …]`. Result: db `[C]`, master precision.
public struct BiasGradient: OperationRule {
    public init() {}

    public var name: String { "bias gradient" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        let gradient = operands[0]
        try expect(gradient.shape.rank >= 2, "\(gradient.shape) has no channels")
        return [TensorSpec([gradient.shape[1]], gradient.scalarType.master)]
    }
}

extension ScalarType {
    /// The format of sums over activations of this format.
    public var master: ScalarType { self == .bfloat16 ? .float32 : self }
}

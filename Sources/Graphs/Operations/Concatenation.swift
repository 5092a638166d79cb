public import Tensors

/// The channels of several tensors, one tensor after the other:
/// y[n, first(k) + c, …] = xₖ[n, c, …].
///
/// Operands: x₁ `[N, C₁, …]`, x₂ `[N, C₂, …]`, …. Result: y `[N, ΣCₖ, …]`.
public struct Concatenation: OperationRule {
    public init() {}

    public var name: String { "concatenation" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        guard let first = operands.first else { throw ShapeError(name, "takes operands, got none") }
        try expect(first.shape.rank >= 2, "\(first.shape) has no channels")
        for operand in operands.dropFirst() {
            try expect(
                operand.scalarType == first.scalarType
                    && operand.shape.withChannels(0) == first.shape.withChannels(0),
                "\(operand) does not fit behind \(first)")
        }
        let channels = operands.reduce(0) { $0 + $1.shape[1] }
        return [TensorSpec(first.shape.withChannels(channels), first.scalarType)]
    }

    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return node.operands.map { _ in nil } }
        var gradients: [Value?] = []
        var first = 0
        for (operand, isWanted) in zip(node.operands, node.wanted) {
            let rule = ConcatenationGradient(first: first, count: operand.shape[1])
            gradients.append(
                isWanted ? try graph.apply(.concatenationGradient(rule), to: [gradient])[0] : nil)
            first += operand.shape[1]
        }
        return gradients
    }
}

/// One operand's share of a concatenation's gradient: dx[n, c, …] = dy[n, first + c, …] [+ a].
///
/// Operands: dy `[N, C, …]`, and a like dx if another gradient is added. Result: dx
/// `[N, count, …]`.
public struct ConcatenationGradient: OperationRule {
    public let first: Int
    public let count: Int
    /// Whether the gradient that arrived another way is added in the same pass.
    public let addsOther: Bool

    public init(first: Int, count: Int, addsOther: Bool = false) {
        self.first = first
        self.count = count
        self.addsOther = addsOther
    }

    public var name: String { "concatenation gradient" + (addsOther ? "+add" : "") }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: addsOther ? 2...2 : 1...1)
        let dy = operands[0]
        try expect(
            dy.shape.rank >= 2 && first >= 0 && count > 0 && first + count <= dy.shape[1],
            "\(dy.shape) has no channels \(first) ..< \(first + count)")
        let result = TensorSpec(dy.shape.withChannels(count), dy.scalarType)
        if addsOther { try expect(operands[1] == result, "\(operands[1]) is not \(result)") }
        return [result]
    }
}

extension Shape {
    /// The same shape with another extent of axis 1.
    fileprivate func withChannels(_ count: Int) -> Shape {
        var dimensions = dimensions
        dimensions[1] = count
        return Shape(dimensions)
    }
}

public import Tensors

/// y[n, c, …] = (offset + a[n, c])·x[n, c, …]: every channel of every image by a number of its own.
///
/// Operands: x `[N, C, H, W]`, master precision, a `[N, C]`. Result: y.
public struct ScalePlanes: OperationRule {
    public let offset: Double

    public init(offset: Double = 0) { self.offset = offset }

    public var name: String { "scale planes" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 2...2)
        try expectImages(operands[0])
        let expected = TensorSpec(
            Shape([operands[0].shape[0], operands[0].shape[1]]), operands[0].scalarType)
        try expect(operands[1] == expected, "factors \(operands[1]) are not \(expected)")
        return [operands[0]]
    }

    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return [nil, nil] }
        let (x, factors) = (node.operands[0], node.operands[1])
        let byFactor =
            node.wanted[1]
            ? try graph.apply(.planeProducts(PlaneProducts()), to: [gradient, x])[0] : nil
        return [try graph.apply(.scalePlanes(self), to: [gradient, factors])[0], byFactor]
    }
}

/// y[n, c] = Σ a[n, c, …]·b[n, c, …]. Operands: a, b `[N, C, H, W]`, master precision. Result:
/// y `[N, C]`.
public struct PlaneProducts: OperationRule {
    public init() {}

    public var name: String { "plane products" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 2...2)
        try expectImages(operands[0])
        try expect(operands[0] == operands[1], "\(operands[0]) is not \(operands[1])")
        return [
            TensorSpec(Shape([operands[0].shape[0], operands[0].shape[1]]), operands[0].scalarType)
        ]
    }
}

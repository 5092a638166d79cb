public import Tensors

/// The upper triangle of each matrix, diagonal included, row after row.
///
/// Operand: P `[N, d, d]`. Result: v `[N, d(d + 1)/2]`. Off the diagonal nothing is weighted by √2.
public struct UpperTriangle: OperationRule {
    public init() {}

    public var name: String { "upper triangle" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        let matrices = operands[0].shape
        try expectSquare(matrices)
        let d = matrices[1]
        return [TensorSpec([matrices[0], d * (d + 1) / 2], operands[0].scalarType)]
    }

    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return [nil] }
        let rule = UpperTriangleGradient(dimension: node.operands[0].shape[1])
        return try graph.apply(.upperTriangleGradient(rule), to: [gradient])
    }
}

/// dv put back into the upper triangle, zeros below: what is symmetric in the forward pass is made
/// so where the gradient of the covariance adds G + Gᵀ.
///
/// Operand: dv `[N, d(d + 1)/2]`. Result: dP `[N, d, d]`.
public struct UpperTriangleGradient: OperationRule {
    public let dimension: Int

    public init(dimension: Int) { self.dimension = dimension }

    public var name: String { "upper triangle gradient" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        let vectors = operands[0].shape
        let length = dimension * (dimension + 1) / 2
        try expect(
            vectors.rank == 2 && vectors[1] == length, "dv \(vectors) is not [N, \(length)]")
        return [TensorSpec([vectors[0], dimension, dimension], operands[0].scalarType)]
    }
}

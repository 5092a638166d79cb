public import Tensors

/// The covariance of each image's channels over its M = H·W positions.
///
///   Σ[n] = (1/M)·X̄·X̄ᵀ, X̄ the image `[C, M]` less the mean of each channel
///
/// Operand: x `[N, C, H, W]`, master precision. Result: Σ `[N, C, C]`.
///
/// *Reference:* Li et al., "Towards faster training of global covariance pooling networks by
/// iterative matrix square root normalization", CVPR 2018, equation 1.
public struct Covariance: OperationRule {
    public init() {}

    public var name: String { "covariance" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        let x = operands[0]
        try expectImages(x)
        return [TensorSpec([x.shape[0], x.shape[1], x.shape[1]], x.scalarType)]
    }

    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return [nil] }
        return try graph.apply(
            .covarianceGradient(CovarianceGradient()), to: [gradient, node.operands[0]])
    }

    public func uncountedMultiplyAdds(operands: [TensorSpec], results: [TensorSpec]) -> Int {
        operands[0].shape.count * operands[0].shape[1]
    }
}

/// dX[n] = (1/M)·(G + Gᵀ)·X̄, G = dΣ[n]. Operands: dΣ `[N, C, C]`, x `[N, C, H, W]`. Result: dx.
public struct CovarianceGradient: OperationRule {
    public init() {}

    public var name: String { "covariance gradient" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 2...2)
        let forward = try Covariance().results(of: [operands[1]])
        try expect(operands[0] == forward[0], "dΣ \(operands[0]) is not \(forward[0])")
        return [operands[1]]
    }
}

extension OperationRule {
    /// Throws unless `x` is a batch of images of master precision.
    func expectImages(_ x: TensorSpec) throws(ShapeError) {
        let shape = x.shape
        try expect(shape.rank == 4 && shape.count > 0, "\(shape) is not [N, C, H, W] with elements")
        try expect(x.scalarType == x.scalarType.master, "\(x) is not of master precision")
    }

    /// Throws unless `matrices` are square ones, `[N, d, d]`.
    func expectSquare(_ matrices: Shape) throws(ShapeError) {
        let isSquare = matrices.rank == 3 && matrices[1] == matrices[2] && matrices.count > 0
        try expect(isSquare, "\(matrices) is not [N, d, d]")
    }
}

public import Tensors

/// The approximate square root of each covariance: T coupled Newton–Schulz steps between division
/// by the trace and multiplication by its root.
///
///   t = tr Σ, A = Σ/t
///   W = ½(3I − A), Y₁ = A·W, Z₁ = W
///   W = ½(3I − Z·Y), Y ← Y·W, Z ← W·Z          for steps 2 … T − 1
///   P = √t · ½·Y·(3I − Z·Y)
///
/// It is no square root to the last digit and is not meant to be: with T = 5 small eigenvalues are
/// shrunk. Where t = 0, of an image without any variance, P and the iterates are 0.
///
/// Deviation: the published code divides by that zero.
///
/// Operand: Σ `[N, d, d]`, master precision. Results: P `[N, d, d]`, and the iterates
/// Y₁, Z₁, …, Y_{T−1}, Z_{T−1} `[N, 2(T − 1), d, d]`, which the gradient reads.
///
/// *Reference:* Li et al., CVPR 2018, equations 2 to 5.
public struct MatrixSquareRoot: OperationRule {
    /// T, at least 2.
    public let iterations: Int

    public init(iterations: Int) { self.iterations = iterations }

    /// The published number of steps.
    public static let publishedIterations = 5

    public var name: String { "matrix square root" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        let matrices = operands[0].shape
        try expectSquare(matrices)
        try expect(iterations >= 2, "\(iterations) iterations are fewer than 2")
        let iterates: Shape = [matrices[0], 2 * (iterations - 1), matrices[1], matrices[1]]
        return [operands[0], TensorSpec(iterates, operands[0].scalarType)]
    }

    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return [nil] }
        return try graph.apply(
            .matrixSquareRootGradient(MatrixSquareRootGradient(iterations: iterations)),
            to: [gradient, node.operands[0]] + node.results)
    }

    /// 1 + 3(T − 2) + 2 products of d³ for each matrix.
    public func uncountedMultiplyAdds(operands: [TensorSpec], results: [TensorSpec]) -> Int {
        let matrices = operands[0].shape
        return (3 * iterations - 3) * matrices.count * matrices[1]
    }
}

/// The exact gradient of ``MatrixSquareRoot``, for any G = dP, symmetric or not.
///
///   U = √t·G
///   dY = ½(U(3I − YZ) − Z·Y·U), dZ = −½·Y·U·Y                              with Y_{T−1}, Z_{T−1}
///   dY ← ½(dY(3I − YZ) − Z·dZ·Z − Z·Y·dY)
///   dZ ← ½((3I − YZ)dZ − Y·dY·Y − dZ·Z·Y)                                  for T − 2 … 1
///   dA = ½(dY(3I − A) − dZ − A·dY)
///   dΣ = dA/t + (⟨G, P⟩/(2t) − ⟨dA, Σ⟩/t²)·I
///
/// Both right-hand sides use the old dY and dZ. Where t = 0, dΣ = 0.
///
/// Operands: dP, Σ, P `[N, d, d]` and the iterates. Result: dΣ.
public struct MatrixSquareRootGradient: OperationRule {
    public let iterations: Int

    public init(iterations: Int) { self.iterations = iterations }

    public var name: String { "matrix square root gradient" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 4...4)
        let forward = try MatrixSquareRoot(iterations: iterations).results(of: [operands[1]])
        try expect(operands[0] == operands[1], "dP \(operands[0]) is not \(operands[1])")
        try expect(
            Array(operands[2...]) == forward,
            "\(operands[2]) and \(operands[3]) are not \(forward[0]) and \(forward[1])")
        return [operands[1]]
    }
}

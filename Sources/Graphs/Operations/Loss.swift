public import Tensors

/// The mean cross-entropy of a batch, and its gradient.
///
/// With t[n, c] = (1 − ε)·[c = label(n)] + ε/C and p = softmax(z): loss = −(1/N) Σ t·log p and
/// dz = (p − t)/N.
///
/// Operands: z `[N, C]`, labels int64 `[N]`. Results: loss `[]`, master precision, and dz
/// `[N, C]`. A label outside `0 ..< C` makes the loss NaN.
public struct SoftmaxCrossEntropy: OperationRule {
    /// ε, in `0 ..< 1`.
    public let labelSmoothing: Double

    public init(labelSmoothing: Double = 0) { self.labelSmoothing = labelSmoothing }

    public var name: String { "softmax cross-entropy" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expectScores(operands)
        return [TensorSpec(.scalar, operands[0].scalarType.master), operands[0]]
    }

    /// The loss is what is differentiated, so its own gradient is 1.
    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    { [node.results[1], nil] }
}

/// How many images have their label among their k largest scores; of equal scores the one with
/// the lower class number is larger, and a NaN score is never right.
///
/// Operands: z `[N, C]`, labels int64 `[N]`. Result: a count `[]`, master precision.
public struct TopKCorrect: OperationRule {
    public let k: Int

    public init(k: Int) { self.k = k }

    public var name: String { "top-\(k) correct" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expectScores(operands)
        return [TensorSpec(.scalar, operands[0].scalarType.master)]
    }
}

extension OperationRule {
    fileprivate func expectScores(_ operands: [TensorSpec]) throws(ShapeError) {
        try expect(operands, counts: 2...2)
        let (scores, labels) = (operands[0].shape, operands[1])
        try expect(
            scores.rank == 2 && labels == TensorSpec([scores[0]], .int64),
            "scores \(scores) and labels \(labels) do not fit")
    }
}

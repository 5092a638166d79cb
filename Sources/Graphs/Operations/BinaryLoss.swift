public import Tensors

/// The mean binary cross-entropy of a batch of logits, and its gradient: sigmoid and loss in one.
///
/// With t[n] = (1 − ε)·label(n) + ε/2 and p = 1/(1 + e⁻ᶻ):
/// loss = −(1/N) Σ (t·log p + (1 − t)·log(1 − p)) and dz = (p − t)/N, from the logits, so that no
/// probability is rounded to 0 or 1 first.
///
/// Operands: z `[N, 1]`, labels int64 `[N]`. Results: loss `[]`, master precision, and dz `[N, 1]`.
/// A label that is neither 0 nor 1 makes the loss NaN.
public struct SigmoidCrossEntropy: OperationRule {
    /// ε, in `0 ..< 1`.
    public let labelSmoothing: Double

    public init(labelSmoothing: Double = 0) { self.labelSmoothing = labelSmoothing }

    public var name: String { "sigmoid cross-entropy" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expectLogits(operands)
        return [TensorSpec(.scalar, operands[0].scalarType.master), operands[0]]
    }

    /// The loss is what is differentiated, so its own gradient is 1.
    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    { [node.results[1], nil] }
}

/// How many images have their label on their logit's side: 1 where z > 0 (a probability strictly
/// greater than ½), else 0. A NaN is never right.
///
/// Operands: z `[N, 1]`, labels int64 `[N]`. Result: a count `[]`, master precision.
public struct SignCorrect: OperationRule {
    public init() {}

    public var name: String { "sign correct" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expectLogits(operands)
        return [TensorSpec(.scalar, operands[0].scalarType.master)]
    }
}

extension OperationRule {
    fileprivate func expectLogits(_ operands: [TensorSpec]) throws(ShapeError) {
        try expect(operands, counts: 2...2)
        let (logits, labels) = (operands[0].shape, operands[1])
        try expect(
            logits.rank == 2 && logits[1] == 1 && labels == TensorSpec([logits[0]], .int64),
            "logits \(logits) and labels \(labels) do not fit")
    }
}

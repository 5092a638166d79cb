public import Tensors

/// Each filter without its mean, over its own deviation:
///
///   ŵ[o] = (w[o] − μ[o])/(σ[o] + ε),  σ² = Σ(w − μ)²/(m − 1) over the m weights of the filter
///
/// ε is added to the deviation, which is the unbiased one. Operand: w `[O, …]`, master precision.
/// Result: ŵ like w.
///
/// The gradient of a loss with respect to w has mean zero in every filter, because ŵ does not
/// change when a number is added to all of it: centralization finds nothing to remove.
///
/// *Reference:* Qiao, Wang, Liu, Shen, Yuille, "Micro-batch training with batch-channel
/// normalization and weight standardization", 2019; ε and σ as in the published Mini-ImageNet
/// network.
public struct WeightStandardization: OperationRule {
    public let epsilon: Double

    public init(epsilon: Double = 1e-5) { self.epsilon = epsilon }

    public var name: String { "weight standardization" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        try expectDeviations(of: operands[0])
        return operands
    }

    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return [nil] }
        let rule = WeightStandardizationGradient(epsilon: epsilon)
        return try graph.apply(
            .weightStandardizationGradient(rule), to: [gradient, node.operands[0]])
    }
}

/// The gradient of ``WeightStandardization``. With c = w − μ and d = σ + ε, per filter:
///
///   dw = (dŵ − mean(dŵ))/d − c · Σ(dŵ·c)/((m − 1)·σ·d²),  without the last term where σ is 0
///
/// Operands: dŵ, w `[O, …]`. Result: dw.
public struct WeightStandardizationGradient: OperationRule {
    public let epsilon: Double

    public init(epsilon: Double = 1e-5) { self.epsilon = epsilon }

    public var name: String { "weight standardization gradient" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 2...2)
        try expect(operands[0] == operands[1], "\(operands[0]) is not \(operands[1])")
        try expectDeviations(of: operands[1])
        return [operands[1]]
    }
}

extension OperationRule {
    fileprivate func expectDeviations(of weight: TensorSpec) throws(ShapeError) {
        try expect(
            weight.shape.rank >= 2 && weight.shape.countPerSlice(along: 0) > 1,
            "a filter of \(weight.shape) has one weight, which has no deviation")
    }
}

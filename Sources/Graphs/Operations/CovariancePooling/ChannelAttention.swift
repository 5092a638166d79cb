public import Tensors

/// A weight for each channel of an image from its own mean and its neighbours'; they add up to 1.
///
///   u[c] = w₀·s[c − 1] + w₁·s[c] + w₂·s[c + 1], zero beyond the ends;  ω = softmax(u)
///
/// Operands: s `[N, C]`, w `[1, 1, 3]`. Result: ω `[N, C]`.
///
/// *Reference:* DropCov's variant of ECA (Wang et al., CVPR 2020), which has a sigmoid instead.
public struct ChannelAttention: OperationRule {
    public init() {}

    public var name: String { "channel attention" }

    static let kernel: Shape = [1, 1, 3]

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 2...2)
        let (means, kernel) = (operands[0].shape, operands[1].shape)
        try expect(means.rank == 2 && means.count > 0, "\(means) is not [N, C]")
        try expect(kernel == Self.kernel, "a kernel of \(kernel) is not \(Self.kernel)")
        return [operands[0]]
    }

    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return [nil, nil] }
        return try graph.apply(
            .channelAttentionGradient(ChannelAttentionGradient()),
            to: [gradient, node.results[0]] + node.operands)
    }
}

/// du = ω·(dω − ⟨ω, dω⟩), ds its correlation with w turned round, dw[k] = Σ du[n, c]·s[n, c + k − 1].
///
/// Operands: dω, ω, s `[N, C]`, w `[1, 1, 3]`. Results: ds, dw.
public struct ChannelAttentionGradient: OperationRule {
    public init() {}

    public var name: String { "channel attention gradient" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 4...4)
        let forward = try ChannelAttention().results(of: Array(operands[2...]))
        try expect(
            operands[0] == forward[0] && operands[1] == forward[0],
            "\(operands[0]) and \(operands[1]) are not \(forward[0])")
        return [operands[2], operands[3]]
    }
}

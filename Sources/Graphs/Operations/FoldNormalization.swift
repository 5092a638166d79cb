public import Tensors

/// A convolution's kernel and bias that do the work of the normalization behind it too:
///
///   s = γ/√(σ² + ε);  w'[o, …] = s[o]·w[o, …];  b' = (b − μ)·s + β
///
/// Operands: w `[O, …]`, γ, β, μ, σ² (`[O]` each), and b `[O]` if the convolution has a bias.
/// Results: w' and b' `[O]`.
public struct FoldNormalization: OperationRule {
    public let epsilon: Double
    public let hasBias: Bool

    public init(epsilon: Double, hasBias: Bool = false) {
        self.epsilon = epsilon
        self.hasBias = hasBias
    }

    public var name: String { "fold normalization" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: hasBias ? 6...6 : 5...5)
        let (weight, scale) = (operands[0], operands[1])
        for operand in operands.dropFirst() {
            try expect(
                operand.shape == [weight.shape[0]],
                "\(operand.shape) does not fit the outputs of \(weight.shape)")
        }
        return [weight, scale]
    }
}

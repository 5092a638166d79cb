public import Tensors

/// Σ u² over all elements. Operand: u. Result: `[]`.
public struct SquaredNorm: OperationRule {
    public init() {}

    public var name: String { "squared norm" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        return [TensorSpec(.scalar, operands[0].scalarType)]
    }
}

/// min(1, maximum / (√s + 10⁻⁶)): what gradients are multiplied by so that their norm √s is at
/// most `maximum`. Operand: s `[]`. Result: `[]`.
///
/// *Reference:* `torch.nn.utils.clip_grad_norm_`.
public struct ClippingFactor: OperationRule {
    public let maximum: Double

    public init(maximum: Double) { self.maximum = maximum }

    public var name: String { "clipping factor" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        try expect(operands[0].shape == .scalar, "\(operands[0]) is no scalar")
        return operands
    }

    /// A norm that is not a number stays one.
    public func value(squaredNorm: Double) -> Double {
        let factor = maximum / (squaredNorm.squareRoot() + 1e-6)
        return factor > 1 ? 1 : factor
    }
}

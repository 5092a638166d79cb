import Foundation
public import Tensors

/// With what probability DropCov drops a channel of this batch: the less its attention agrees with
/// how channels vary together, the more.
///
///   c[n] = Σ[n]·1, Σ the covariance of x;  r = mean over n of cos(ω[n], c[n])
///   p = 1 − (10 / log₂ C)·r, at least 0 and at most 1
///
/// Where ω or c vanishes the cosine counts as 0. p is a plain number: no gradient passes it.
///
/// Operands: x `[N, C, H, W]`, master precision, ω `[N, C]`. Result: p `[]`.
///
/// *Reference:* the released code of Wang et al., "DropCov: a simple yet effective method for
/// improving deep architectures", NeurIPS 2022.
public struct DropProbability: OperationRule {
    public init() {}

    public var name: String { "drop probability" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        let x = try ScalePlanes().results(of: operands)[0]
        try expect(x.shape[1] > 1, "\(x.shape) has one channel, which varies with no other")
        return [TensorSpec(.scalar, x.scalarType)]
    }

    /// What r is multiplied by: 10 / log₂ C.
    public static func slope(channels: Int) -> Double { 10 / log2(Double(channels)) }

    /// p for a mean cosine r over images of so many channels.
    public static func probability(meanCosine: Double, channels: Int) -> Double {
        let p = 1 - slope(channels: channels) * meanCosine
        // A NaN stays one, so that a diverged run shows.
        return p < 0 ? 0 : p > 1 ? 1 : p
    }
}

/// What to multiply with so that each element is dropped with probability p, independently, and the
/// others make up for it: 0 or 1/(1 − p).
///
/// Which ones are kept depends on the key, the layer and the element's number alone, as in
/// ``Dropout``, whose probability is no tensor.
///
/// Operands: p `[]`, and the key int64 `[]`. Result: the mask.
public struct DropoutMask: OperationRule {
    /// The digest of the layer's path.
    public let layer: UInt64
    public let mask: TensorSpec

    public init(layer: UInt64, mask: TensorSpec) {
        self.layer = layer
        self.mask = mask
    }

    public var name: String { "dropout mask" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 2...2)
        try expect(operands[0].shape == .scalar, "\(operands[0]) is no scalar")
        try expect(
            operands[1] == TensorSpec(.scalar, .int64), "\(operands[1]) is no key of int64[]")
        return [mask]
    }

    /// Element `index` of the mask.
    public static func element(_ index: Int, of words: Dropout.Words, probability p: Double)
        -> Double
    {
        // A NaN stays one, so that a diverged run shows.
        if p.isNaN { return p }
        let isDropped = Double(words.draw(UInt32(index))) < p * 0x1p32
        return isDropped ? 0 : 1 / (1 - p)
    }
}

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

    /// p for a mean cosine r over images of so many channels.
    public static func probability(meanCosine: Double, channels: Int) -> Double {
        let p = 1 - 10 / log2(Double(channels)) * meanCosine
        // A NaN stays one, so that a diverged run shows.
        return p < 0 ? 0 : p > 1 ? 1 : p
    }
}

/// What to multiply with so that each element is dropped with probability p, independently, and the
/// others make up for it: 0 or 1/(1 − p).
///
/// Element e of a run's micro-batch b draws number e of the generator keyed by the seed, b and the
/// layer's path: no thread count, interruption or other layer changes it.
///
/// Operands: p `[]`, b `[]`: how many micro-batches came before. Result: the mask.
public struct DropoutMask: OperationRule {
    public let randomness: DropoutKey
    public let mask: TensorSpec

    public init(_ randomness: DropoutKey, mask: TensorSpec) {
        self.randomness = randomness
        self.mask = mask
    }

    public var name: String { "dropout mask" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 2...2)
        for operand in operands {
            try expect(operand.shape == .scalar, "\(operand) is no scalar")
        }
        return [mask]
    }

    /// What survivors are multiplied with.
    public static func survivor(of p: Double) -> Double { p < 1 ? 1 / (1 - p) : p.isNaN ? p : 0 }
}

/// Names the random numbers of one layer.
public struct DropoutKey: Hashable, Sendable {
    public let seed: UInt64
    /// The layer's path.
    public let layer: String

    public init(seed: UInt64, layer: String) {
        self.seed = seed
        self.layer = layer
    }

    /// The layer's generator for micro-batch `number` of a run.
    public func random(microBatch number: Int) -> CounterRandom {
        // FNV-1a, folded: layers of one network have distinct paths, and so distinct numbers.
        let hash = CounterRandom.digest(of: layer)
        return CounterRandom(
            seed: seed, stream: .dropout, epoch: number,
            index: Int((hash ^ hash >> 32) & 0xffff_ffff))
    }
}

/// The same seeds with GC off and on, one pair per seed; a diverged seed is a NaN or an infinity.
public struct SeedPairs: Hashable, Sendable {
    public let off: [Double]
    public let on: [Double]
    /// δ > 0, the difference that would not matter; nil when there is none to claim.
    public let margin: Double?
    public let higherIsBetter: Bool

    /// - Throws: `JudgeError` when the arms differ in length or δ is not positive and finite.
    public init(off: [Double], on: [Double], margin: Double?, higherIsBetter: Bool)
        throws(JudgeError)
    {
        guard off.count == on.count else {
            throw .unpaired(off: off.count, on: on.count)
        }
        if let margin, !(margin > 0 && margin.isFinite) { throw .badMargin(margin) }
        self.off = off
        self.on = on
        self.margin = margin
        self.higherIsBetter = higherIsBetter
    }

    /// on − off, seed by seed; not finite where either diverged.
    public var differences: Sample {
        Sample(zip(off, on).map { $0.isFinite && $1.isFinite ? $1 - $0 : .nan })
    }
}

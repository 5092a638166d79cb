/// Two samples that have no seeds in common: second − first.
public struct UnpairedJudgement: Hashable, Sendable {
    public let mean: Double?
    /// The 95 % Welch interval; nil where either has fewer than two finite values.
    public let interval: Interval?
    /// Welch's two-sided p.
    public let p: Double?
    /// p after Holm over what is judged together.
    public let holmP: Double?
    /// That of two one-sided Welch tests; nil without a margin.
    public let equivalenceP: Double?
    public let verdict: EffectVerdict

    /// What is compared.
    public struct Samples: Hashable, Sendable {
        let first: Sample
        let second: Sample
        /// δ > 0; nil where nothing can be called equivalent.
        let margin: Double?
        let higherIsBetter: Bool

        public init(_ first: Sample, _ second: Sample, margin: Double?, higherIsBetter: Bool) {
            self.first = first
            self.second = second
            self.margin = margin
            self.higherIsBetter = higherIsBetter
        }

        fileprivate var difference: WelchDifference? {
            guard let a = WelchDifference.Mean(first), let b = WelchDifference.Mean(second) else {
                return nil
            }
            return WelchDifference(from: a, to: b)
        }
    }

    /// Judges differences together, Holm running over them.
    public static func family(_ samples: [Samples]) -> [UnpairedJudgement] {
        let adjusted = Holm.adjusted(samples.map { $0.difference?.p })
        return zip(samples, adjusted).map { UnpairedJudgement($0, holmP: $1) }
    }

    private init(_ samples: Samples, holmP: Double?) {
        let difference = samples.difference
        mean = samples.first.mean.flatMap { first in samples.second.mean.map { $0 - first } }
        interval = difference?.interval(level: 0.95)
        p = difference?.p
        self.holmP = holmP
        equivalenceP = samples.margin.flatMap { difference?.equivalenceP(margin: $0) }
        verdict = Self.verdict(samples, difference, holmP)
    }

    /// As for pairs: equivalence first, and nothing is claimed of arms that lost a seed.
    private static func verdict(
        _ samples: Samples, _ difference: WelchDifference?, _ holmP: Double?
    ) -> EffectVerdict {
        guard samples.first.divergedCount + samples.second.divergedCount == 0, let difference,
            let holmP
        else { return .inconclusive(seedsNeeded: nil) }
        if let margin = samples.margin,
            difference.interval(level: 0.9)?.isInside(margin: margin) == true
        {
            return .equivalent
        }
        guard holmP <= EffectJudgement.significance else { return .inconclusive(seedsNeeded: nil) }
        return (difference.mean > 0) == samples.higherIsBetter ? .helps : .hurts
    }
}

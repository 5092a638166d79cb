/// What the seeds say about switching GC on.
public enum EffectVerdict: Hashable, Sendable {
    /// Better with GC: the 95 % interval excludes 0 and so does the adjusted sign-flip test.
    case helps
    /// Worse with GC, by the same two tests.
    case hurts
    /// The 90 % interval lies inside (−δ, δ): two one-sided tests at 5 %.
    case equivalent
    /// Neither; about so many paired seeds would settle it (nil: that cannot be said).
    case inconclusive(seedsNeeded: Int?)
}

/// The effect of GC in one cell: on − off, paired by seed.
public struct EffectJudgement: Hashable, Sendable {
    /// The pairs in which both seeds are finite.
    public let count: Int
    public let divergedOff: Int
    public let divergedOn: Int
    /// d̄, in the unit of the values; its sign is the measured one, whichever direction is better.
    public let mean: Double?
    /// The sample standard deviation of the differences.
    public let standardDeviation: Double?
    /// The 95 % paired t interval of d̄; nil for fewer than two pairs.
    public let interval: Interval?
    /// The exact two-sided sign-flip p.
    public let p: Double?
    /// p after Holm over the family of effects judged together.
    public let holmP: Double?
    /// The smallest p that this number of pairs can give.
    public let smallestP: Double
    /// The p of two one-sided t tests against ±δ; nil without δ, or for fewer than two pairs.
    public let equivalenceP: Double?
    public let verdict: EffectVerdict

    /// The tests' level: 5 % false claims.
    public static let significance = 0.05

    /// Judges the effects of one table together, Holm running over them.
    public static func family(_ cells: [SeedPairs]) -> [EffectJudgement] {
        let probabilities = cells.map { SignFlipTest.p($0.differences.values) }
        let size = probabilities.count { $0 != nil }
        return zip(cells, zip(probabilities, Holm.adjusted(probabilities))).map {
            EffectJudgement($0, p: $1.0, holmP: $1.1, familySize: size)
        }
    }

    private init(_ pairs: SeedPairs, p: Double?, holmP: Double?, familySize: Int) {
        let differences = pairs.differences
        count = differences.count
        divergedOff = Sample(pairs.off).divergedCount
        divergedOn = Sample(pairs.on).divergedCount
        mean = differences.mean
        standardDeviation = differences.standardDeviation
        interval = differences.interval(level: 0.95)
        self.p = p
        self.holmP = holmP
        smallestP = SignFlipTest.smallestP(count: differences.count)
        equivalenceP = Self.equivalenceP(differences, margin: pairs.margin)
        verdict = Self.verdict(pairs, differences, holmP: holmP, familySize: familySize)
    }

    private static func equivalenceP(_ differences: Sample, margin: Double?) -> Double? {
        guard let margin, let mean = differences.mean, let error = differences.standardError else {
            return nil
        }
        return EquivalenceTest.p(
            mean: mean, standardError: error, degrees: Double(differences.count - 1),
            margin: margin)
    }

    /// A verdict needs every seed: those that survived say nothing about those that did not.
    /// A difference inside ±δ is called equivalent even where it is not zero: that is what δ says.
    private static func verdict(
        _ pairs: SeedPairs, _ differences: Sample, holmP: Double?, familySize: Int
    ) -> EffectVerdict {
        guard differences.divergedCount == 0 else { return .inconclusive(seedsNeeded: nil) }
        if let margin = pairs.margin,
            differences.interval(level: 0.9)?.isInside(margin: margin) == true
        {
            return .equivalent
        }
        if let holmP, holmP <= significance, let interval = differences.interval(level: 0.95),
            !interval.contains(0)
        {
            return (interval.low > 0) == pairs.higherIsBetter ? .helps : .hurts
        }
        let needed = SeedsNeeded.estimate(differences, margin: pairs.margin, family: familySize)
        return .inconclusive(seedsNeeded: needed)
    }
}

import Metrics
import Testing

@Suite("The effect of GC")
struct EffectTests {
    private let off = [75.12, 75.40, 74.88, 75.21, 75.05, 75.33, 74.97]
    private let on = [75.61, 75.55, 75.30, 75.92, 75.11, 75.80, 75.24]

    private func judge(
        off: [Double], on: [Double], margin: Double? = nil, higherIsBetter: Bool = true
    ) throws -> EffectJudgement {
        let pairs = try SeedPairs(
            off: off, on: on, margin: margin, higherIsBetter: higherIsBetter)
        return try #require(EffectJudgement.family([pairs]).first)
    }

    @Test("Mean, spread and interval of the differences equal scipy's paired t test")
    func scipy() throws {
        // scipy 1.17: ttest_rel(on, off).confidence_interval(0.95)
        let effect = try judge(off: off, on: on)
        #expect(abs(try #require(effect.mean) - 0.36714285714285616) < 1e-10)
        #expect(abs(try #require(effect.standardDeviation) - 0.2224645504130431) < 1e-10)
        let interval = try #require(effect.interval)
        #expect(abs(interval.low - 0.16139746354186796) < 1e-10)
        #expect(abs(interval.high - 0.5728882507437444) < 1e-10)
        #expect(effect.p == 2.0 / 128)
        #expect(effect.verdict == .helps)
    }

    @Test("More is worse where lower is better, and swapping the arms swaps the verdict")
    func direction() throws {
        #expect(try judge(off: off, on: on, higherIsBetter: false).verdict == .hurts)
        #expect(try judge(off: on, on: off).verdict == .hurts)
        #expect(try judge(off: on, on: off, higherIsBetter: false).verdict == .helps)
    }

    @Test("Equivalent when the 90 % interval (0.204 to 0.531 by scipy) is inside the margin")
    func equivalence() throws {
        #expect(try judge(off: off, on: on, margin: 0.5306).verdict == .equivalent)
        #expect(try judge(off: off, on: on, margin: 0.5305).verdict == .helps)
        #expect(try judge(off: off, on: off, margin: 0.1).verdict == .equivalent)
    }

    @Test("Five seeds settle nothing however clear, because p cannot go below 0.0625")
    func fiveSeeds() throws {
        let five = try judge(off: [1, 2, 3, 4, 5], on: [11, 12.1, 13, 14, 15])
        #expect(five.p == 0.0625)
        #expect(five.smallestP == 0.0625)
        #expect(five.verdict == .inconclusive(seedsNeeded: 6))
    }

    @Test("Holm runs over the family: seven seeds pass alone and fail among four")
    func family() throws {
        let pairs = try SeedPairs(off: off, on: on, margin: nil, higherIsBetter: true)
        let four = EffectJudgement.family([pairs, pairs, pairs, pairs])
        #expect(four.map(\.holmP) == [0.0625, 0.0625, 0.0625, 0.0625])
        #expect(four[0].verdict == .inconclusive(seedsNeeded: 8))
    }

    @Test("A diverged seed is counted by arm and leaves the effect open")
    func diverged() throws {
        let effect = try judge(
            off: [.nan, 75.4, 74.9, 75.2, .infinity, 75.3, 75, 75],
            on: [76, 76.1, 76.2, 76.0, .nan, .nan, 76, 76.2])
        #expect(effect.divergedOff == 2)
        #expect(effect.divergedOn == 2)
        #expect(effect.count == 5)
        #expect(effect.verdict == .inconclusive(seedsNeeded: nil))
    }

    @Test("Without a pair, or with one, there is no spread and no verdict")
    func few() throws {
        let none = try judge(off: [], on: [])
        #expect(none.mean == nil && none.p == nil && none.interval == nil)
        let one = try judge(off: [1], on: [2], margin: 0.1)
        #expect(one.mean == 1 && one.p == 1 && one.interval == nil)
        #expect(one.verdict == .inconclusive(seedsNeeded: nil))
    }

    @Test("Seeds needed: an effect of one deviation needs ten, of half a deviation 34")
    func seedsNeeded() throws {
        // The usual t power tables (noncentral t) give 10 and 34 for d = 1 and d = 0.5.
        let deviation = 2.0.squareRoot()
        #expect(
            try judge(off: [0, 0], on: [deviation - 1, deviation + 1]).verdict
                == .inconclusive(seedsNeeded: 10))
        #expect(
            try judge(off: [0, 0], on: [deviation / 2 - 1, deviation / 2 + 1]).verdict
                == .inconclusive(seedsNeeded: 34))
    }

    @Test("Unequal arms and senseless margins are refused by name")
    func refused() {
        #expect(throws: JudgeError.unpaired(off: 1, on: 2)) {
            try SeedPairs(off: [1], on: [1, 2], margin: nil, higherIsBetter: true)
        }
        for margin in [0, -1, Double.infinity] {
            #expect(throws: JudgeError.badMargin(margin)) {
                try SeedPairs(off: [1], on: [1], margin: margin, higherIsBetter: true)
            }
        }
    }
}

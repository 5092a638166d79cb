import Metrics
import Testing

/// Simulated papers with known truth: how often does a verdict claim what is not so?
@Suite("False claims")
struct ErrorRateTests {
    private static let papers = 1_000
    private static let margin = 0.3
    private static let deviation = 0.2

    @Test(
        "At most 5 % of verdicts are false, for no effect, one of δ and one of 2δ",
        arguments: [3, 6, 10, 20], [0, 1, 2])
    func effects(seeds: Int, offsetInMargins: Int) throws {
        var random = Noise(seed: UInt64(seeds * 10 + offsetInMargins))
        let offset = Double(offsetInMargins) * Self.margin
        var wrong: [String: Int] = [:]
        for _ in 0..<Self.papers {
            let pairs = try SeedPairs(
                off: random.values(seeds, mean: 75, deviation: Self.deviation),
                on: random.values(seeds, mean: 75 + offset, deviation: Self.deviation),
                margin: Self.margin, higherIsBetter: true)
            let verdict = EffectJudgement.family([pairs])[0].verdict
            if isFalse(verdict, offset: offset) { wrong[verdict.name, default: 0] += 1 }
        }
        // 5 % and three standard errors of 1,000 papers
        #expect(wrong.values.allSatisfy { Double($0) <= (0.05 + 0.02) * Double(Self.papers) })
    }

    @Test("Nor of judgements on published values", arguments: [3, 6, 10, 20], [0, 1, 2])
    func values(seeds: Int, offsetInMargins: Int) {
        var random = Noise(seed: UInt64(1_000 + seeds * 10 + offsetInMargins))
        let offset = Double(offsetInMargins) * Self.margin
        var wrong = 0
        for _ in 0..<Self.papers {
            let ours = random.values(seeds, mean: 75 + offset, deviation: Self.deviation)
            let theirs = Sample(random.values(10, mean: 75, deviation: Self.deviation))
            let figure = PublishedFigure(
                mean: theirs.mean ?? 0, standardDeviation: theirs.standardDeviation, count: 10)
            let judgement = ValueJudgement(Sample(ours), published: figure, margin: Self.margin)
            switch judgement.verdict {
            case .reproduced: wrong += offsetInMargins > 0 ? 1 : 0
            case .contradicted: wrong += offsetInMargins < 1 ? 1 : 0
            case .inconclusive, .consistent: break
            }
        }
        #expect(Double(wrong) <= (0.05 + 0.02) * Double(Self.papers))
    }

    private func isFalse(_ verdict: EffectVerdict, offset: Double) -> Bool {
        switch verdict {
        case .helps: offset <= 0
        case .hurts: offset >= 0
        case .equivalent: offset >= Self.margin
        case .inconclusive: false
        }
    }
}

/// Normal numbers from splitmix64 and the sum of twelve uniform ones.
private struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func values(_ count: Int, mean: Double, deviation: Double) -> [Double] {
        (0..<count).map { _ in
            mean + deviation * ((0..<12).reduce(-6) { sum, _ in sum + uniform() })
        }
    }

    private mutating func uniform() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }
}

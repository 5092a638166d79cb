import Foundation
import Metrics

/// Papers whose truth is known: the effect of GC and the distance to the published value are both
/// `offset`, errors are normal, and the published spread is as wide as ours.
struct SyntheticPapers {
    let seedCount: Int
    /// In margins: 0, δ or 2δ.
    let offset: Int
    let count: Int

    static let margin = 0.3
    /// Two thirds of δ, as on CIFAR.
    static let deviation = 0.2
    private static let publishedRuns = 10

    /// How often each claim was made.
    struct Claims {
        private(set) var counts: [Claim: Int] = [:]

        mutating func add(_ claim: Claim) { counts[claim, default: 0] += 1 }

        subscript(claim: Claim) -> Int { counts[claim] ?? 0 }
    }

    enum Claim: String, CaseIterable {
        case helps, hurts, equivalent, reproduced, contradicted
        /// Against a single published run.
        case contradictedOne = "contradicted (one run)"

        /// Whether it says what is not so. What is off by exactly δ is neither equivalent nor
        /// reproduced, and not contradicted; one run of another mean may well be contradicted.
        func isFalse(at offset: Int) -> Bool {
            switch self {
            case .helps: offset == 0
            case .hurts: true
            case .equivalent, .reproduced: offset > 0
            case .contradicted: offset < 2
            case .contradictedOne: offset == 0
            }
        }
    }

    /// Judges every paper by what `gc-bench judge` does.
    func claims() throws -> Claims {
        var random = Noise(seed: UInt64(seedCount * 10 + offset))
        var claims = Claims()
        for _ in 0..<count {
            let answer = try Judge.judge(JudgeQuestion(cells: [paper(&random)])).cells[0]
            switch answer.effect.verdict {
            case .helps: claims.add(.helps)
            case .hurts: claims.add(.hurts)
            case .equivalent: claims.add(.equivalent)
            case .inconclusive: break
            }
            if answer.on?.verdict == .reproduced { claims.add(.reproduced) }
            if answer.on?.verdict == .contradicted { claims.add(.contradicted) }
            if answer.off?.verdict == .contradicted { claims.add(.contradictedOne) }
        }
        return claims
    }

    /// The arm with GC has a published spread, the arm without a single published run.
    private func paper(_ random: inout Noise) -> JudgeQuestion.Cell {
        let offset = Double(offset) * Self.margin
        let runs = Sample(
            random.values(Self.publishedRuns, mean: 75, deviation: Self.deviation))
        let run = random.values(1, mean: 75 - offset, deviation: Self.deviation)[0]
        return JudgeQuestion.Cell(
            off: random.values(seedCount, mean: 75, deviation: Self.deviation),
            on: random.values(seedCount, mean: 75 + offset, deviation: Self.deviation),
            publishedOff: PublishedFigure(mean: run),
            publishedOn: PublishedFigure(
                mean: runs.mean ?? 0, standardDeviation: runs.standardDeviation,
                count: Self.publishedRuns),
            margin: Self.margin, higherIsBetter: true)
    }
}

/// Normal numbers: splitmix64 through the transformation of Box and Muller.
private struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func values(_ count: Int, mean: Double, deviation: Double) -> [Double] {
        (0..<count).map { _ in
            // 1 − u is never 0.
            let radius = (-2 * log(1 - uniform())).squareRoot()
            return mean + deviation * radius * cos(2 * .pi * uniform())
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

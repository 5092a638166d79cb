import Foundation
import Metrics
import Testing

/// How often a claim against a published mean is false where the truth lies exactly on the margin.
///
/// With normal errors that is a number, not a simulation. Of two sample variances, S = f₁s₁²/σ₁² +
/// f₂s₂²/σ₂² (f = n − 1) is χ² with f₁ + f₂ degrees of freedom and independent of the share
/// B = (f₁s₁²/σ₁²)/S, which is Beta(f₁/2, f₂/2). Given B the Welch interval is a known multiple of
/// √S, so the claim has the probability of a tail of Student's t; what is left is its mean over B.
@Suite("The size of the test against a published mean")
struct WelchSizeTests {
    @Test(
        "At most 5 % of claims are false at the edge, whatever the spreads; from five values on, 5.3",
        arguments: [3, 4, 5, 6, 8, 10, 14, 20], [3, 5, 10])
    func size(seeds: Int, published: Int) {
        let bound = min(seeds, published) < 5 ? 0.05 : 0.053
        for exponent in -5...5 {
            let test = WelchTest(
                ours: seeds, published: published, spreads: pow(2, Double(exponent)))
            #expect(test.size <= bound, "spreads as \(test.spreads) to 1: \(test.size)")
        }
    }

    /// Oracle: the same integral in SciPy, over the quantiles of the beta distribution.
    @Test(
        "Where ten runs with our spread were published it is close to 5 % from five seeds on",
        arguments: [(5, 0.04994), (6, 0.04932), (14, 0.04955), (20, 0.05001), (3, 0.0186)])
    func equalSpreads(seeds: Int, expected: Double) {
        let test = WelchTest(ours: seeds, published: 10, spreads: 1)
        #expect(abs(test.size - expected) < 1e-4, "\(test.size)")
    }
}

private struct WelchTest {
    let ours: Int
    let published: Int
    /// σ₁/σ₂, ours to the published.
    let spreads: Double

    /// The mean over B = sin²θ, whose density in θ is sin^(f₁−1)θ · cos^(f₂−1)θ but for a factor.
    var size: Double {
        let (f1, f2) = (Double(ours - 1), Double(published - 1))
        let count = 400
        var (sum, weights) = (0.0, 0.0)
        for index in 0..<count {
            let angle = (Double(index) + 0.5) / Double(count) * .pi / 2
            let weight = pow(sin(angle), f1 - 1) * pow(cos(angle), f2 - 1)
            let share = sin(angle) * sin(angle)
            sum +=
                weight
                * claims(
                    spreads * (share / f1).squareRoot(), ((1 - share) / f2).squareRoot())
            weights += weight
        }
        return sum / weights
    }

    /// How often a difference of exactly the margin is judged inside it, where the sample
    /// deviations are these times √S.
    private func claims(_ deviation: Double, _ publishedDeviation: Double) -> Double {
        let errors = (spreads * spreads / Double(ours) + 1 / Double(published)).squareRoot()
        let freedom = Double(ours + published - 2)
        let width = halfWidth(deviation, publishedDeviation)
        return 1
            - StudentT(degreesOfFreedom: freedom)
            .cumulative(width * freedom.squareRoot() / errors)
    }

    /// Of the interval that a judgement shows for samples that spread so.
    private func halfWidth(_ deviation: Double, _ publishedDeviation: Double) -> Double {
        let judgement = ValueJudgement(
            sample(deviation),
            published: PublishedFigure(
                mean: 0, standardDeviation: publishedDeviation, count: published),
            margin: 1)
        return judgement.interval.map { ($0.high - $0.low) / 2 } ?? .infinity
    }

    /// Values with this sample deviation.
    private func sample(_ deviation: Double) -> Sample {
        let plain = Sample((0..<ours).map(Double.init))
        return Sample(plain.values.map { $0 * deviation / (plain.standardDeviation ?? 1) })
    }
}

/// The difference of two means whose values are not paired, each with a spread of its own.
///
/// SE² = s₁²/n₁ + s₂²/n₂, with the degrees of freedom of Welch and Satterthwaite,
/// ν = SE⁴ / (s₁⁴/(n₁²(n₁ − 1)) + s₂⁴/(n₂²(n₂ − 1))). These are an approximation: one-sided tests
/// at 5 % of three values against ten are wrong in up to 5.9 % of cases, of five against ten in up
/// to 5.2 % (5.0 % where both spread alike). Below five values it is therefore the degrees of
/// freedom of the smaller sample, which never claim too much, whatever the spreads.
///
/// *Reference:* Welch, Biometrika 34 (1947); Mickey and Brown, The Annals of Mathematical
/// Statistics 37 (1966), for the bound.
struct WelchDifference: Hashable, Sendable {
    let mean: Double
    let standardError: Double
    let degreesOfFreedom: Double

    /// One mean: its squared standard error and the number of values behind it.
    struct Mean: Hashable, Sendable {
        let mean: Double
        let squaredError: Double
        let count: Double

        init(mean: Double, standardDeviation: Double, count: Int) {
            self.mean = mean
            squaredError = standardDeviation * standardDeviation / Double(count)
            self.count = Double(count)
        }

        /// nil for fewer than two finite values.
        init?(_ sample: Sample) {
            guard let mean = sample.mean, let deviation = sample.standardDeviation else {
                return nil
            }
            self.init(mean: mean, standardDeviation: deviation, count: sample.count)
        }
    }

    /// From so many values on, in both samples, Welch's approximation is good enough.
    private static let fewestForWelch = 5.0

    init(from first: Mean, to second: Mean) {
        mean = second.mean - first.mean
        let sum = first.squaredError + second.squaredError
        standardError = sum.squareRoot()
        let (a, b) = sum > 0 ? (first.squaredError / sum, second.squaredError / sum) : (0.5, 0.5)
        let fewest = min(first.count, second.count)
        degreesOfFreedom =
            fewest < Self.fewestForWelch
            ? fewest - 1 : 1 / (a * a / (first.count - 1) + b * b / (second.count - 1))
    }

    private var distribution: StudentT { StudentT(degreesOfFreedom: degreesOfFreedom) }

    func interval(level: Double) -> Interval? {
        guard standardError > 0 else { return Interval(around: mean, halfWidth: 0) }
        let t = distribution.quantile((1 + level) / 2)
        return Interval(around: mean, halfWidth: t * standardError)
    }

    /// Two-sided.
    var p: Double {
        guard standardError > 0 else { return mean == 0 ? 1 : 0 }
        return distribution.twoSided(mean / standardError)
    }

    func equivalenceP(margin: Double) -> Double {
        EquivalenceTest.p(
            mean: mean, standardError: standardError, degrees: degreesOfFreedom, margin: margin)
    }
}

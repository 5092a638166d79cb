import Foundation

/// Student's t distribution.
public struct StudentT: Hashable, Sendable {
    /// ν > 0; need not be whole (Welch).
    public let degreesOfFreedom: Double

    public init(degreesOfFreedom: Double) {
        precondition(degreesOfFreedom > 0, "a t distribution has positive degrees of freedom")
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// P(T ≤ t).
    public func cumulative(_ t: Double) -> Double {
        t < 0 ? upperTail(-t) : 1 - upperTail(t)
    }

    /// P(|T| ≥ |t|), the p of a two-sided test.
    public func twoSided(_ t: Double) -> Double { min(1, 2 * upperTail(abs(t))) }

    /// The t with P(T ≤ t) = probability, for a probability strictly between 0 and 1.
    public func quantile(_ probability: Double) -> Double {
        precondition(probability > 0 && probability < 1, "a quantile is of a probability")
        if probability == 0.5 { return 0 }
        let t = upperQuantile(min(probability, 1 - probability))
        return probability < 0.5 ? -t : t
    }

    /// P(T ≥ t) for t ≥ 0: half of I_{ν/(ν+t²)}(ν/2, 1/2).
    private func upperTail(_ t: Double) -> Double {
        let square = t * t
        if square.isInfinite { return 0 }
        let sum = degreesOfFreedom + square
        return 0.5
            * IncompleteBeta.regularized(
                degreesOfFreedom / 2, 0.5, x: degreesOfFreedom / sum, complement: square / sum)
    }

    private func density(_ t: Double) -> Double {
        let half = degreesOfFreedom / 2
        let (numerator, _): (Double, Int) = lgamma(half + 0.5)
        let (denominator, _): (Double, Int) = lgamma(half)
        let logarithm =
            numerator - denominator - 0.5 * log(degreesOfFreedom * .pi)
            - (half + 0.5) * log1p(t * t / degreesOfFreedom)
        return exp(logarithm)
    }

    /// The t ≥ 0 with upper tail q < 1/2: Newton steps inside a bracket that bisection shrinks.
    private func upperQuantile(_ q: Double) -> Double {
        var low = 0.0
        var high = 2.0
        while upperTail(high) > q, high < 1e300 { (low, high) = (high, high * 2) }
        var t = low
        for _ in 0..<200 {
            let excess = upperTail(t) - q
            if excess > 0 { low = t } else { high = t }
            let newton = t + excess / density(t)
            let next = newton > low && newton < high ? newton : (low + high) / 2
            if abs(next - t) <= 1e-15 * next { return next }
            t = next
        }
        return t
    }
}

import Foundation

/// The regularized incomplete beta function I_x(a, b).
///
/// Evaluated by the modified Lentz method on its continued fraction (DLMF 8.17.22), on the side of
/// the mean where the fraction converges fast: about 1e-14 relative for a, b up to some thousands.
enum IncompleteBeta {
    /// - Parameters:
    ///   - x: in [0, 1].
    ///   - complement: 1 − x, given apart because it keeps its digits when x is close to 1.
    static func regularized(_ a: Double, _ b: Double, x: Double, complement: Double) -> Double {
        if x <= 0 { return 0 }
        if complement <= 0 { return 1 }
        let logarithm =
            logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(complement)
        let front = exp(logarithm)
        if x < (a + 1) / (a + b + 2) {
            return front * fraction(a, b, x) / a
        }
        return 1 - front * fraction(b, a, complement) / b
    }

    private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
        var c = 1.0
        var d = 1 / awayFromZero(1 - (a + b) * x / (a + 1))
        var result = d
        for m in 1...10_000 {
            let even = evenTerm(Double(m), a, b, x)
            d = 1 / awayFromZero(1 + even * d)
            c = awayFromZero(1 + even / c)
            result *= d * c
            let odd = oddTerm(Double(m), a, b, x)
            d = 1 / awayFromZero(1 + odd * d)
            c = awayFromZero(1 + odd / c)
            result *= d * c
            if abs(d * c - 1) < 1e-16 { break }
        }
        return result
    }

    private static func evenTerm(_ m: Double, _ a: Double, _ b: Double, _ x: Double) -> Double {
        m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    }

    private static func oddTerm(_ m: Double, _ a: Double, _ b: Double, _ x: Double) -> Double {
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    }

    /// Lentz divides by these terms; a zero among them is replaced, which changes nothing else.
    private static func awayFromZero(_ value: Double) -> Double {
        abs(value) < 1e-300 ? 1e-300 : value
    }

    private static func logGamma(_ x: Double) -> Double {
        let (value, _): (Double, Int) = lgamma(x)
        return value
    }
}

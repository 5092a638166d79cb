import Foundation

extension CounterRandom {
    /// A number of the standard normal distribution (Box–Muller, the cosine branch).
    public mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * .pi * uniform())
    }

    /// A number of the standard normal distribution between −2 and 2, from one uniform number by
    /// the inverse of the distribution function.
    public mutating func truncatedNormal() -> Double {
        // Φ(2) − Φ(−2), the share that is not cut off.
        let share = erf(2 / 2.0.squareRoot())
        let target = (uniform() - 0.5) * share
        // Newton's method for Φ(x) − ½ = target. The function bends towards the axis on both
        // sides of zero, so that the steps from there approach the root from one side.
        var x = 0.0
        for _ in 0..<12 {
            let step = (target - 0.5 * erf(x / 2.0.squareRoot())) / Self.density(x)
            x += step
            if abs(step) < 1e-12 { break }
        }
        return min(max(x, -2), 2)
    }

    private static func density(_ x: Double) -> Double {
        exp(-x * x / 2) / (2 * Double.pi).squareRoot()
    }
}

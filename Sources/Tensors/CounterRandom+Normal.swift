import Foundation

extension CounterRandom {
    /// A number of the standard normal distribution (Box–Muller, the cosine branch).
    public mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * .pi * uniform())
    }
}

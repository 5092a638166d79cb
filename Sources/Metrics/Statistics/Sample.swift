/// The values of one cell over its seeds: mean and spread of those that are finite, and the number
/// of those that are not.
///
/// A diverged seed has no place on the scale of the others, so it is counted, never averaged.
public struct Sample: Hashable, Sendable {
    /// The finite values, in the order given.
    public let values: [Double]
    /// How many values were NaN or infinite.
    public let divergedCount: Int

    public init(_ values: [Double]) {
        self.values = values.filter(\.isFinite)
        divergedCount = values.count - self.values.count
    }

    /// The number of finite values, n.
    public var count: Int { values.count }

    /// x̄ = Σx / n; nil without a finite value.
    public var mean: Double? {
        guard let first = values.first else { return nil }
        // Shifted by the first value, so that equal values have exactly that mean.
        let shifted = values.reduce(0) { $0 + ($1 - first) } / Double(count)
        return finite(first + shifted)
    }

    /// s = √(Σ(x − x̄)² / (n − 1)); nil for fewer than two values.
    public var standardDeviation: Double? {
        guard count > 1, let mean else { return nil }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return finite((squares / Double(count - 1)).squareRoot())
    }

    /// s / √n; nil for fewer than two values.
    public var standardError: Double? {
        standardDeviation.map { $0 / Double(count).squareRoot() }
    }

    /// The t interval of the mean, x̄ ± t_{(1+level)/2, n−1} · s/√n; nil for fewer than two values.
    public func interval(level: Double) -> Interval? {
        guard let mean, let standardError else { return nil }
        let t = StudentT(degreesOfFreedom: Double(count - 1)).quantile((1 + level) / 2)
        return Interval(around: mean, halfWidth: t * standardError)
    }

    /// Where one more value of the same kind is expected, x̄ ± t_{(1+level)/2, n−1} · s·√(1 + 1/n);
    /// nil for fewer than two values.
    public func predictionInterval(level: Double) -> Interval? {
        guard let mean, let standardDeviation else { return nil }
        let t = StudentT(degreesOfFreedom: Double(count - 1)).quantile((1 + level) / 2)
        let widening = (1 + 1 / Double(count)).squareRoot()
        return Interval(around: mean, halfWidth: t * standardDeviation * widening)
    }

    private func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
}

/// The sign-flip permutation test of paired differences.
///
/// If GC did nothing, each difference could as well have had the other sign. p is the share of the
/// 2ⁿ sign patterns whose |Σ ±d| is at least the observed |Σ d|: exact, without any assumption on
/// the distribution, and therefore never below 2/2ⁿ.
public enum SignFlipTest {
    /// Up to here all patterns are counted; beyond, the t test is as good and much cheaper.
    public static let largestExactCount = 30

    /// The two-sided p of finite differences; nil without any.
    public static func p(_ differences: [Double]) -> Double? {
        if differences.isEmpty { return nil }
        if differences.count > largestExactCount { return tTest(differences) }
        return exact(differences)
    }

    /// The smallest p that n differences can give: 2/2ⁿ, and 1 without any.
    public static func smallestP(count: Int) -> Double {
        count < 1 ? 1 : Double(sign: .plus, exponent: 1 - min(count, 1_000), significand: 1)
    }

    /// Meets in the middle: every pattern is a sum of the left half plus one of the right half, so
    /// sorting the right sums and searching them counts 2ⁿ patterns in about 2^(n/2) · n steps.
    private static func exact(_ differences: [Double]) -> Double {
        let observed = abs(differences.reduce(0, +))
        // Ties must count in spite of rounding: 91.3 − 91.2 and 0.1 differ in the fifteenth digit.
        let threshold = observed - 1e-9 * differences.reduce(0) { $0 + abs($1) }
        guard threshold > 0 else { return 1 }
        let left = signedSums(differences.prefix(differences.count / 2))
        let right = signedSums(differences.suffix(from: differences.count / 2)).sorted()
        // The distribution is symmetric: count one tail and double it.
        let tail = left.reduce(0) {
            $0 + right.count - firstIndex(in: right, notBelow: threshold - $1)
        }
        return 2 * Double(tail) / (Double(left.count) * Double(right.count))
    }

    private static func signedSums(_ values: ArraySlice<Double>) -> [Double] {
        values.reduce([0]) { sums, value in sums.map { $0 + value } + sums.map { $0 - value } }
    }

    private static func firstIndex(in sorted: [Double], notBelow bound: Double) -> Int {
        var range = 0..<sorted.count
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            if sorted[middle] < bound {
                range = (middle + 1)..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        return range.lowerBound
    }

    private static func tTest(_ differences: [Double]) -> Double? {
        let sample = Sample(differences)
        guard let mean = sample.mean, let error = sample.standardError else { return nil }
        if mean == 0 { return 1 }
        return StudentT(degreesOfFreedom: Double(sample.count - 1)).twoSided(mean / error)
    }
}

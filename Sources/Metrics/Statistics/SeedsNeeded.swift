/// How many paired seeds would settle an open question, judged by the seeds there are.
///
/// Either the effect is real, of the size seen, or it is none worth having; the cheaper of the two
/// proofs counts. Both use the t approximation of power, iterated because t depends on n:
/// - a difference: n ≥ (t₀.₉₇₅ + t₀.₈)² · s² / d̄², and enough seeds for the sign-flip p of the
///   strongest of m effects to pass Holm (m · 2/2ⁿ ≤ 0.05);
/// - equivalence: n ≥ (t₀.₉₅ + t₀.₉)² · s² / (δ − |d̄|)², when |d̄| < δ.
///
/// *Reference:* Julious, Statistics in Medicine 23 (2004), for both forms.
enum SeedsNeeded {
    /// Beyond this an estimate means "never in practice".
    static let most = 100_000

    /// - Parameters:
    ///   - differences: the paired differences so far.
    ///   - margin: δ, if there is one.
    ///   - family: m, the number of effects that are judged together.
    /// - Returns: nil when it cannot be said: no spread is known yet, or it would be beyond `most`.
    static func estimate(_ differences: Sample, margin: Double?, family: Int) -> Int? {
        guard let mean = differences.mean, let deviation = differences.standardDeviation
        else { return nil }
        let floor = fewest(family: family)
        let difference = count(deviation, apart: abs(mean), level: 0.975, power: 0.8)
        let equivalence = margin.flatMap {
            count(deviation, apart: $0 - abs(mean), level: 0.95, power: 0.9)
        }
        let candidates = [difference.map { max($0, floor) }, equivalence].compactMap(\.self)
        // What was seen with n seeds did not settle it, so at least one more is needed.
        return candidates.min().map { max($0, differences.count + 1) }
    }

    /// The fewest seeds with which the strongest of m effects can pass Holm at 0.05.
    static func fewest(family: Int) -> Int {
        var count = 1
        while Double(max(family, 1)) * SignFlipTest.smallestP(count: count) > 0.05 { count += 1 }
        return count
    }

    /// The fewest n ≥ 2 with (t_level + t_power)² · s² / distance² ≤ n: t falls as n grows, so the
    /// condition holds from some n on, and bisection finds it.
    private static func count(
        _ deviation: Double, apart distance: Double, level: Double, power: Double
    ) -> Int? {
        guard distance > 0 else { return nil }
        let ratio = deviation / distance
        func suffices(_ count: Int) -> Bool {
            let t = StudentT(degreesOfFreedom: Double(count - 1))
            let wanted = (t.quantile(level) + t.quantile(power)) * ratio
            return wanted * wanted <= Double(count)
        }
        guard suffices(most) else { return nil }
        var (tooFew, enough) = (1, most)
        while enough - tooFew > 1 {
            let middle = (tooFew + enough) / 2
            if suffices(middle) { enough = middle } else { tooFew = middle }
        }
        return enough
    }
}

/// Holm's step-down adjustment for several tests at once.
public enum Holm {
    /// The adjusted p of each test: with p₍₁₎ ≤ … ≤ p₍ₘ₎, the maximum over j ≤ i of
    /// min(1, (m − j + 1) · p₍ⱼ₎). A test without a p (nil) stays without and is not counted in m.
    public static func adjusted(_ probabilities: [Double?]) -> [Double?] {
        let known = probabilities.enumerated().compactMap { index, p in p.map { (index, $0) } }
        let ordered = known.sorted { $0.1 < $1.1 }
        var result = [Double?](repeating: nil, count: probabilities.count)
        var largest = 0.0
        for (rank, (index, p)) in ordered.enumerated() {
            largest = max(largest, min(1, Double(ordered.count - rank) * p))
            result[index] = largest
        }
        return result
    }
}

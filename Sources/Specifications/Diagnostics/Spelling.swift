/// Finds what somebody meant to write.
enum Spelling {
    /// The candidate nearest to `word`, if it is near enough to be meant: at most one edit in
    /// three characters, letter case and `-` for `_` not counted.
    static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let written = folded(word)
        let ranked = candidates.map { ($0, distance(written, folded($0))) }
        guard let best = ranked.min(by: { $0.1 < $1.1 }) else { return nil }
        let longest = max(written.count, best.0.unicodeScalars.count)
        return best.1 * 3 <= max(longest, 3) ? best.0 : nil
    }

    private static func folded(_ word: String) -> [Unicode.Scalar] {
        word.lowercased().unicodeScalars.prefix(64).map { $0 == "-" ? "_" : $0 }
    }

    /// The edit distance with neighbours exchanged as one edit (optimal string alignment).
    ///
    /// d(i, j) = min(d(i−1, j) + 1, d(i, j−1) + 1, d(i−1, j−1) + [aᵢ ≠ bⱼ],
    /// d(i−2, j−2) + 1 if aᵢaᵢ₋₁ = bⱼ₋₁bⱼ)
    static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in 1...a.count {
            var row = [i]
            for j in 1...b.count {
                let substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                var best = min(last[j] + 1, row[j - 1] + 1, substitution)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    best = min(best, beforeLast[j - 2] + 1)
                }
                row.append(best)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}

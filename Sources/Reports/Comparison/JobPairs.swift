import Records

/// Which job of one side belongs to which of the other.
struct JobPairs {
    let pairing: Comparison.Pairing
    let pairs: [(first: JobRecord, second: JobRecord)]

    init(_ first: [JobRecord], _ second: [JobRecord]) {
        let keys: [(Comparison.Pairing, (JobRecord) -> String)] = [
            (.bySeed, { "\($0.job.seed)" }), (.byRowAndSeed, { "\($0.job.row) \($0.job.seed)" }),
        ]
        for (pairing, key) in keys {
            guard let found = Self.pairs(first, second, by: key), !found.isEmpty else { continue }
            (self.pairing, pairs) = (pairing, found)
            return
        }
        (pairing, pairs) = (.none, [])
    }

    /// nil where a key belongs to several jobs of a side.
    private static func pairs(
        _ first: [JobRecord], _ second: [JobRecord], by key: (JobRecord) -> String
    ) -> [(first: JobRecord, second: JobRecord)]? {
        let others = Dictionary(grouping: second, by: key)
        let isUnique =
            Set(first.map(key)).count == first.count && others.values.allSatisfy { $0.count == 1 }
        guard isUnique else { return nil }
        return first.compactMap { job in others[key(job)].map { (job, $0[0]) } }
    }
}

import GRDB

extension Store {
    /// Brings the jobs and results of another store into this one.
    ///
    /// Merging is idempotent, and commutative in what both stores know of results: whichever is
    /// merged into which, the same attempts are there and the same ones count. Attempts that have
    /// not ended stay in the store that they run in.
    ///
    /// - Throws: ``StoreError`` for another file that is no store or is damaged; nothing is changed
    ///   then.
    @discardableResult
    public func merge(_ otherPath: String) throws(StoreError) -> MergeSummary {
        let other = try Store.openCopy(of: otherPath)
        let damage = try other.damage()
        if let first = damage.first {
            throw .damaged(path: otherPath, reason: "\(first) (`gc-bench check` lists it all)")
        }
        do {
            return try queue.writeWithoutTransaction { database in
                try database.execute(
                    sql: "ATTACH ? AS other", arguments: [other.path])
                defer { try? database.execute(sql: "DETACH other") }
                var summary = MergeSummary()
                try database.inTransaction(.immediate) {
                    summary = try StoreMerge(store: self, database: database).run()
                    return .commit
                }
                return summary
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }
}

/// What merging brought.
public struct MergeSummary: Hashable, Sendable {
    public internal(set) var newJobs: Int
    public internal(set) var newAttempts: Int

    public init(newJobs: Int = 0, newAttempts: Int = 0) {
        self.newJobs = newJobs
        self.newAttempts = newAttempts
    }
}

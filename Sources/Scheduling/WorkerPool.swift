/// Runs jobs in a fixed number of slots, in order, and hands each one's slot number to it.
public struct WorkerPool: Sendable {
    public let slotCount: Int

    public init(slotCount: Int) {
        precondition(slotCount > 0, "a pool without slots never ends")
        self.slotCount = slotCount
    }

    /// Runs `body` for every job; at most `slotCount` at a time. Returns when all have ended.
    ///
    /// - Parameter body: reports its own failures; throwing ends the whole pool.
    public func run<Job: Sendable>(
        _ jobs: [Job], body: @escaping @Sendable (Job, _ slot: Int) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Int.self) { group in
            var waiting = jobs[...]
            for slot in 0..<min(slotCount, jobs.count) {
                guard let job = waiting.popFirst() else { break }
                group.addTask {
                    try await body(job, slot)
                    return slot
                }
            }
            while let slot = try await group.next() {
                guard !Task.isCancelled, let job = waiting.popFirst() else { continue }
                group.addTask {
                    try await body(job, slot)
                    return slot
                }
            }
        }
        try Task.checkCancellation()
    }
}

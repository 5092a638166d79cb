/// Runs jobs side by side, as many as the machine has room for.
public struct WorkerPool: Sendable {
    private let resources: ComputeResources
    /// At most so many at a time, whatever there is room for.
    private let limit: Int

    public init(resources: ComputeResources, limit: Int = .max) {
        precondition(limit > 0, "a pool that runs nothing never ends")
        self.resources = resources
        self.limit = limit
    }

    /// Runs `body` for every job in order, except that a job that fits goes before one that has to
    /// wait for room. Returns when all have ended.
    ///
    /// - Parameters:
    ///   - stop: no job is started once it is raised.
    ///   - body: reports its own failures; throwing ends the whole pool.
    public func run<Job: Sendable>(
        _ jobs: [Job], needing needs: (Job) -> JobNeeds, stop: StopSignal,
        body: @escaping @Sendable (Job, ResourceLease) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: ResourceLease.self) { group in
            var queue = WaitingLine(jobs.map(needs), resources: resources, limit: limit)
            func startWhatFits() {
                while !stop.isRaised, !Task.isCancelled, let (index, lease) = queue.next() {
                    let job = jobs[index]
                    group.addTask {
                        try await body(job, lease)
                        return lease
                    }
                }
            }
            startWhatFits()
            while let lease = try await group.next() {
                queue.giveBack(lease)
                startWhatFits()
            }
        }
        try Task.checkCancellation()
    }
}

/// The jobs that have not been started, and what is free for them.
private struct WaitingLine {
    private let needs: [JobNeeds]
    private var waiting: ArraySlice<Int>
    private var ledger: ResourceLedger
    private var runningCount = 0
    private let limit: Int

    /// How far behind the first job one is looked for that fits.
    private static let reach = 100

    init(_ needs: [JobNeeds], resources: ComputeResources, limit: Int) {
        self.needs = needs
        self.limit = limit
        waiting = Array(needs.indices)[...]
        ledger = ResourceLedger(resources)
    }

    /// The first job that fits, with what it was given.
    mutating func next() -> (Int, ResourceLease)? {
        guard runningCount < limit else { return nil }
        for place in waiting.indices.prefix(Self.reach) {
            guard let lease = ledger.take(needs[waiting[place]]) else { continue }
            runningCount += 1
            return (
                place == waiting.startIndex ? waiting.removeFirst() : waiting.remove(at: place),
                lease
            )
        }
        return nil
    }

    mutating func giveBack(_ lease: ResourceLease) {
        ledger.give(back: lease)
        runningCount -= 1
    }
}

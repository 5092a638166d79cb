import Checkpoints
public import Records
import Specifications
import Training

/// Runs prepared jobs in worker processes and records what they say. The only writer of the store.
public struct SweepRunner: Sendable {
    let store: Store
    let files: JobFiles
    let settings: SweepSettings
    let observer: any SweepObserver
    let stop: StopSignal
    private let pool: WorkerPool
    let board: StatusBoard

    public init(
        store: Store, pool: WorkerPool, settings: SweepSettings, stop: StopSignal,
        observer: any SweepObserver
    ) {
        self.store = store
        files = JobFiles(besideStore: store.path)
        self.pool = pool
        self.settings = settings
        self.stop = stop
        self.observer = observer
        board = StatusBoard(store: store)
    }

    /// Runs every job that has no result yet; returns how each ended.
    ///
    /// - Throws: ``StoreError`` where nothing can be recorded any more; `CancellationError` when
    ///   the task was cancelled: workers are killed then, and jobs given back.
    public func run(_ jobs: [ScheduledJob]) async throws -> SweepSummary {
        try store.register(jobs.map { try $0.job.row() })
        let states = try store.states()
        try removeLeftovers(states)
        let tally = Tally(jobs)
        let interrupted = states.filter { $0.value == .interrupted }.keys
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.keepLease() }
            group.addTask { await self.board.keepUpToDate() }
            // A job that several specs name is one job.
            var seen: Set<String> = []
            let jobs = jobs.filter { seen.insert($0.job.id).inserted }
            try await pool.run(
                jobs.ordered(continuing: Set(interrupted)), needing: \.needs, stop: stop
            ) { scheduled, lease in
                await tally.add(
                    try await self.run(scheduled.job, gpu: lease.gpu), of: scheduled.job)
            }
            group.cancelAll()
        }
        return await tally.summary(stop.reason)
    }

    /// Other machines see that this runner lives.
    private func keepLease() async throws {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(30))
            if !Task.isCancelled { try store.renewLease() }
        }
    }

    /// Checkpoints of jobs that are done: their runner died before it could remove them.
    private func removeLeftovers(_ states: [String: JobState]) throws {
        for job in files.checkpointedJobs where states[job]?.isDone == true {
            try files.checkpoints(of: job).remove()
        }
    }

    private func run(_ job: PreparedJob, gpu: Int?) async throws -> SweepSummary.Ending {
        switch try store.claim(
            job.id, fresh: settings.isFresh, in: settings.environment(of: job.specification))
        {
        case .done(let state):
            await observer.jobWasDone(job)
            return state == .diverged ? .diverged : .alreadyDone
        case .held(let runner):
            await observer.jobIsHeld(job, by: "\(runner)")
            return .heldElsewhere
        case .claimed(let claim):
            if settings.isFresh, !claim.isContinued { try files.checkpoints(of: job.id).remove() }
            await observer.jobStarted(job)
            return try await JobRun(sweep: self, job: job, claim: claim, gpu: gpu).run()
        }
    }
}

private actor Tally {
    private var result = SweepSummary()

    init(_ jobs: [ScheduledJob]) {
        for scheduled in jobs { result.add(.notStarted, of: scheduled.job.id) }
    }

    func add(_ ending: SweepSummary.Ending, of job: PreparedJob) { result.add(ending, of: job.id) }

    func summary(_ reason: StopSignal.Reason?) -> SweepSummary {
        if result[.notStarted] + result[.stopped] > 0 { result.stopReason = reason }
        return result
    }
}

public import Records
import Specifications
public import SystemPackage
public import Training

/// Runs prepared jobs in worker processes and records what they say. The only writer of the store.
public struct SweepRunner: Sendable {
    private let store: Store
    private let pool: WorkerPool
    private let settings: SweepSettings
    private let observer: any SweepObserver

    public init(
        store: Store, pool: WorkerPool, settings: SweepSettings, observer: any SweepObserver
    ) {
        self.store = store
        self.pool = pool
        self.settings = settings
        self.observer = observer
    }

    /// Runs every job that has no result yet; returns how each ended.
    ///
    /// - Throws: ``StoreError`` where nothing can be recorded any more; `CancellationError` after
    ///   Ctrl-C, when all jobs that were running have been given back.
    public func run(_ jobs: [PreparedJob]) async throws -> SweepSummary {
        try store.register(jobs.map(\.row))
        let tally = Tally()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.keepLease() }
            try await pool.run(jobs) { job, _ in
                await tally.add(try await self.run(job))
            }
            group.cancelAll()
        }
        return await tally.summary
    }

    /// Other machines see that this runner lives.
    private func keepLease() async throws {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(30))
            if !Task.isCancelled { try store.renewLease() }
        }
    }

    private func run(_ job: PreparedJob) async throws -> SweepSummary.Ending {
        switch try store.claim(job.id, fresh: settings.isFresh) {
        case .done(let state):
            await observer.jobWasDone(job)
            return state == .diverged ? .diverged : .alreadyDone
        case .held(let runner):
            await observer.jobIsHeld(job, by: "\(runner)")
            return .heldElsewhere
        case .claimed(let claim):
            return try await run(job, claim)
        }
    }

    private func run(_ job: PreparedJob, _ claim: Claim) async throws -> SweepSummary.Ending {
        let threads = claim.interruptedThreads ?? settings.threads(for: job.specification)
        try store.describe(
            claim,
            as: AttemptEnvironment(
                threads: threads, machine: settings.machine, codeVersion: settings.codeVersion))
        await observer.jobStarted(job)
        let ending: Training.JobOutcome
        do {
            ending = try await train(job, claim, threads: threads)
        } catch is CancellationError {
            try store.release(claim)
            throw CancellationError()
        } catch let failure as WorkerFailure {
            try store.finish(claim, JobCompletion(.failed(message: "\(failure)")))
            await observer.jobFailed(job, why: "\(failure)")
            return .failed
        }
        try store.finish(claim, ending.completion)
        await observer.jobEnded(job, ending)
        return ending.state == .diverged ? .diverged : .finished
    }

    /// Trains in a worker process; measurements are recorded as they come.
    private func train(_ job: PreparedJob, _ claim: Claim, threads: Int) async throws
        -> Training.JobOutcome
    {
        let worker = WorkerProcess(
            executable: settings.workerExecutable,
            environment: ComputeResources.workerEnvironment(threads: threads))
        let request = TrainRequest(
            specification: job.specification, dataRoot: job.dataRoot, backend: job.backend,
            threads: threads, loaderThreads: settings.loaderThreads)
        let outcome = OutcomeBox()
        try await worker.run(.train(request)) { reply in
            guard case .event(let event) = reply else { return }
            switch event {
            case .started(let start): await observer.jobIsReady(job, start)
            case .progressed(let progress): await observer.jobProgressed(job, progress)
            case .measured(let measurements):
                try store.record(measurements.map(\.metricValue), for: claim)
                await observer.jobMeasured(job, measurements)
            case .ended(let ended): await outcome.set(ended)
            }
        }
        guard let ended = await outcome.value else {
            throw WorkerFailure.died(how: "ended without a result", standardError: "")
        }
        return ended
    }
}

/// What the command line says about running jobs.
public struct SweepSettings: Sendable {
    public let workerExecutable: FilePath
    /// Compute threads of a job whose spec leaves them open.
    public let automaticThreads: Int
    public let loaderThreads: Int
    /// Whether finished jobs are trained again, their old rows kept as superseded.
    public let isFresh: Bool
    /// A JSON object.
    public let machine: String
    public let codeVersion: String

    public init(
        workerExecutable: FilePath, automaticThreads: Int, loaderThreads: Int = 1, isFresh: Bool,
        machine: String, codeVersion: String
    ) {
        self.workerExecutable = workerExecutable
        self.automaticThreads = automaticThreads
        self.loaderThreads = loaderThreads
        self.isFresh = isFresh
        self.machine = machine
        self.codeVersion = codeVersion
    }

    func threads(for job: JobSpecification) -> Int {
        switch job.threads {
        case .automatic: automaticThreads
        case .count(let count): count
        }
    }
}

/// How the jobs of a sweep ended.
public struct SweepSummary: Hashable, Sendable {
    public enum Ending: Hashable, Sendable, CaseIterable {
        case finished
        case diverged
        case alreadyDone
        case heldElsewhere
        case failed
    }

    public fileprivate(set) var counts: [Ending: Int] = [:]

    public subscript(ending: Ending) -> Int { counts[ending] ?? 0 }
}

/// Told of everything that happens in a sweep, from any thread, one call at a time per job.
public protocol SweepObserver: Sendable {
    func jobWasDone(_ job: PreparedJob) async
    func jobIsHeld(_ job: PreparedJob, by runner: String) async
    func jobStarted(_ job: PreparedJob) async
    func jobIsReady(_ job: PreparedJob, _ start: JobStart) async
    func jobProgressed(_ job: PreparedJob, _ progress: JobProgress) async
    func jobMeasured(_ job: PreparedJob, _ measurements: [Measurement]) async
    func jobEnded(_ job: PreparedJob, _ outcome: Training.JobOutcome) async
    func jobFailed(_ job: PreparedJob, why: String) async
}

private actor Tally {
    private(set) var summary = SweepSummary()

    func add(_ ending: SweepSummary.Ending) { summary.counts[ending, default: 0] += 1 }
}

private actor OutcomeBox {
    private(set) var value: Training.JobOutcome?

    func set(_ outcome: Training.JobOutcome) { value = outcome }
}

extension Measurement {
    fileprivate var metricValue: MetricValue {
        MetricValue(metric.rawValue, epoch: epoch, step: step, value: value)
    }
}

extension Training.JobOutcome {
    fileprivate var completion: JobCompletion {
        JobCompletion(
            state == .finished
                ? .finished : .diverged(message: "the loss became infinite or not a number"),
            weightsDigest: weightsDigest, imagesPerSecond: imagesPerSecond)
    }
}

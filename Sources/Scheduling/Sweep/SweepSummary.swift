public import Training

/// How the jobs of a sweep ended.
public struct SweepSummary: Hashable, Sendable {
    public enum Ending: String, Hashable, Sendable, CaseIterable {
        case finished
        case diverged
        case alreadyDone = "done before"
        case failed
        /// Another living runner has it.
        case heldElsewhere = "run elsewhere"
        /// Given back behind a checkpoint, because the sweep was asked to stop.
        case stopped = "stopped"
        /// The sweep stopped before its turn.
        case notStarted = "not started"
    }

    public private(set) var endings: [String: Ending] = [:]
    /// Why the sweep stopped before its end; nil when it did not.
    public internal(set) var stopReason: StopSignal.Reason?

    public subscript(ending: Ending) -> Int { endings.values.count { $0 == ending } }

    mutating func add(_ ending: Ending, of job: String) { endings[job] = ending }
}

/// Is told what happens, in order, to show it to somebody.
public protocol SweepObserver: Sendable {
    func jobWasDone(_ job: PreparedJob) async
    func jobIsHeld(_ job: PreparedJob, by runner: String) async
    func jobStarted(_ job: PreparedJob) async
    func jobIsReady(_ job: PreparedJob, _ start: JobStart) async
    func jobProgressed(_ job: PreparedJob, _ progress: JobProgress) async
    func jobMeasured(_ job: PreparedJob, _ measurements: [Measurement]) async
    func jobNoted(_ job: PreparedJob, _ text: String) async
    func jobCrashed(_ job: PreparedJob, why: String, retryingIn seconds: Double) async
    func jobStopped(_ job: PreparedJob, at step: Int?) async
    func jobEnded(_ job: PreparedJob, _ outcome: JobOutcome) async
    func jobFailed(_ job: PreparedJob, why: String) async
}

/// A job held by this runner. Only the holder writes to its attempt.
public struct Claim: Hashable, Sendable {
    public let job: String
    /// The attempt's key in the store.
    public let attempt: Int64
    /// 1 for a job's first attempt.
    public let number: Int
    /// The compute threads an interrupted attempt ran with; nil at the first start.
    public let interruptedThreads: Int?
    /// Whether an attempt that was interrupted is continued.
    public let isContinued: Bool
}

/// What came of asking for a job.
public enum ClaimAnswer: Hashable, Sendable {
    case claimed(Claim)
    /// There is a result already: finished or diverged.
    case done(JobState)
    /// A living runner has it.
    case held(RunnerIdentity)
}

/// Where a job stands.
public enum JobState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Registered, never started.
    case planned
    case running
    /// Started by a runner that stopped or died; the next run continues it.
    case interrupted
    case finished
    /// The loss became NaN or infinite: a result, and not tried again.
    case diverged
    /// An error stopped it; the next run starts another attempt.
    case failed

    /// Whether there is a result.
    public var isDone: Bool { self == .finished || self == .diverged }
}

/// How an attempt ended.
public enum JobOutcome: Hashable, Sendable {
    case finished
    case diverged(message: String?)
    case failed(message: String)

    var state: JobState {
        switch self {
        case .finished: .finished
        case .diverged: .diverged
        case .failed: .failed
        }
    }

    var message: String? {
        switch self {
        case .finished: nil
        case .diverged(let message): message
        case .failed(let message): message
        }
    }
}

/// What is known of an attempt once it ended.
public struct JobCompletion: Hashable, Sendable {
    public let outcome: JobOutcome
    /// The digest of the final weights.
    public let weightsDigest: String?
    /// Training throughput.
    public let imagesPerSecond: Double?

    public init(
        _ outcome: JobOutcome, weightsDigest: String? = nil, imagesPerSecond: Double? = nil
    ) {
        self.outcome = outcome
        self.weightsDigest = weightsDigest
        self.imagesPerSecond = imagesPerSecond
    }
}

/// Where an attempt runs.
public struct AttemptEnvironment: Hashable, Sendable {
    /// Compute threads in use.
    public let threads: Int?
    /// The machine, a JSON object of names and numbers.
    public let machine: String?
    public let codeVersion: String?

    public init(threads: Int?, machine: String?, codeVersion: String?) {
        self.threads = threads
        self.machine = machine
        self.codeVersion = codeVersion
    }
}

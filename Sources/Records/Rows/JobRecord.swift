/// A job with the attempt that counts and its metrics: what reports are made of.
public struct JobRecord: Hashable, Sendable {
    public let job: JobRow
    public let state: JobState
    /// nil for a job that was never started.
    public let attempt: AttemptRecord?
    public let metrics: [String: MetricSummary]
}

/// One training of a job.
public struct AttemptRecord: Hashable, Sendable {
    public let number: Int
    /// UTC, ISO 8601.
    public let started: String
    public let finished: String?
    public let message: String?
    public let weightsDigest: String?
    public let imagesPerSecond: Double?
    public let environment: AttemptEnvironment
}

/// The last and the best value of one metric of one attempt.
public struct MetricSummary: Hashable, Sendable {
    public let direction: MetricDirection
    public let lastEpoch: Int
    /// NaN and infinities as they were measured.
    public let last: Double
    public let bestEpoch: Int?
    /// The best finite value; nil without one, or when the metric has no direction. Of a test metric
    /// beside validation images: its value at the epoch that was best on those.
    public let best: Double?
}

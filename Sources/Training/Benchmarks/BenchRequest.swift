/// A measurement of throughput on random images in memory.
public struct BenchRequest: Hashable, Sendable, Codable {
    /// What is measured.
    public enum Workload: String, Hashable, Sendable, Codable, CaseIterable {
        /// Forward pass, backward pass and update.
        case training
        /// Forward pass with the running statistics, loss and hits, at the size of training batches.
        case evaluation
    }

    public let job: EngineJob
    public let workload: Workload
    /// How long to measure.
    public let seconds: Double

    public init(job: EngineJob, workload: Workload = .training, seconds: Double) {
        self.job = job
        self.workload = workload
        self.seconds = seconds
    }
}

/// A measurement of what the machine can do at best.
public struct PeaksRequest: Hashable, Sendable, Codable {
    public let backend: BackendName
    public let threads: Int

    public init(backend: BackendName, threads: Int) {
        self.backend = backend
        self.threads = threads
    }
}

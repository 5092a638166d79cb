public import Graphs
public import Specifications

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
    public let precision: Precision
    public let threads: Int

    /// In the precision of a job; of one in float64, which only the oracle computes, in float32.
    public init(of job: JobSpecification, backend: BackendName, threads: Int) {
        self.backend = backend
        precision = job.graphPrecision == .float64 ? .float32 : job.graphPrecision
        self.threads = threads
    }
}

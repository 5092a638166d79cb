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

    public let specification: JobSpecification
    public let workload: Workload
    public let backend: BackendName
    public let threads: Int
    /// How long to measure.
    public let seconds: Double

    public init(
        specification: JobSpecification, workload: Workload = .training, backend: BackendName,
        threads: Int, seconds: Double
    ) {
        self.specification = specification
        self.workload = workload
        self.backend = backend
        self.threads = threads
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

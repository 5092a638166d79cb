public import Specifications

/// What the runner asks of a worker process: one JSON document on the worker's standard input,
/// ended by a line break. The input then stays open for as long as the runner lives.
public enum WorkerRequest: Hashable, Sendable, Codable {
    case train(TrainRequest)
    case survey(SurveyRequest)
    /// The plan of one training step, as text.
    case plan(PlanRequest)
    case step(StepRequest)
    case bench(BenchRequest)
    case peaks(PeaksRequest)
    case libraries
}

/// The engines a worker has.
public enum BackendName: String, Hashable, Sendable, Codable, CaseIterable {
    /// Readable loops: float32 and float64.
    case reference
    /// oneDNN and OpenBLAS.
    case cpu
}

/// One job, from its specification to its events.
public struct TrainRequest: Hashable, Sendable, Codable {
    public let specification: JobSpecification
    /// The folder of the data set; nil where the program draws it.
    public let dataRoot: String?
    public let backend: BackendName
    public let threads: Int
    public let loaderThreads: Int

    public init(
        specification: JobSpecification, dataRoot: String?, backend: BackendName, threads: Int,
        loaderThreads: Int
    ) {
        self.specification = specification
        self.dataRoot = dataRoot
        self.backend = backend
        self.threads = threads
        self.loaderThreads = loaderThreads
    }
}

/// Jobs to be planned without data.
public struct SurveyRequest: Hashable, Sendable, Codable {
    public let specifications: [JobSpecification]
    public let backend: BackendName
    public let threads: Int

    public init(specifications: [JobSpecification], backend: BackendName, threads: Int) {
        self.specifications = specifications
        self.backend = backend
        self.threads = threads
    }
}

/// A job whose training step is to be planned and printed.
public struct PlanRequest: Hashable, Sendable, Codable {
    public let specification: JobSpecification
    public let backend: BackendName
    public let threads: Int

    public init(specification: JobSpecification, backend: BackendName, threads: Int) {
        self.specification = specification
        self.backend = backend
        self.threads = threads
    }
}

/// What planning tells of a job.
public struct JobSurvey: Hashable, Sendable, Codable {
    /// Trainable numbers.
    public let parameters: Int
    /// Of one image's forward pass.
    public let multiplyAdds: Int
    public let arenaByteCount: Int
    /// Why the job cannot be planned; the numbers are then 0.
    public let problem: String?

    public init(
        parameters: Int, multiplyAdds: Int, arenaByteCount: Int, problem: String? = nil
    ) {
        self.parameters = parameters
        self.multiplyAdds = multiplyAdds
        self.arenaByteCount = arenaByteCount
        self.problem = problem
    }
}

/// A number of training steps on given weights and one fixed batch.
public struct StepRequest: Hashable, Sendable, Codable {
    public let specification: JobSpecification
    /// A safetensors file; nil for the specification's own initialization and seed.
    public let weights: String?
    /// A safetensors file with `images` and `labels`.
    public let batch: String
    public let stepCount: Int
    public let output: String
    public let backend: BackendName
    public let threads: Int

    public init(
        specification: JobSpecification, weights: String?, batch: String, stepCount: Int,
        output: String, backend: BackendName, threads: Int
    ) {
        self.specification = specification
        self.weights = weights
        self.batch = batch
        self.stepCount = stepCount
        self.output = output
        self.backend = backend
        self.threads = threads
    }
}

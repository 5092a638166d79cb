public import Specifications
import Tensors

/// What the runner asks of a worker process: one JSON document on the worker's standard input,
/// ended by a line break. The input then stays open for as long as the runner lives; a line
/// ``WorkerRequest/stopLine`` in it asks a training to stop behind a checkpoint.
public enum WorkerRequest: Hashable, Sendable, Codable {
    case train(TrainRequest)
    case survey(SurveyRequest)
    /// The plan of one training step, as text.
    case plan(EngineJob)
    case step(StepRequest)
    case evaluate(EvaluationRequest)
    case bench(BenchRequest)
    case peaks(PeaksRequest)
    case libraries
    /// The GPUs that can be used, and why others cannot.
    case gpus

    public static let stopLine = "stop"
}

/// The engines a worker has.
public enum BackendName: String, Hashable, Sendable, Codable, CaseIterable {
    /// Readable loops: float32 and float64.
    case reference
    /// oneDNN and OpenBLAS.
    case cpu
    /// An NVIDIA GPU, with all digits of float32 and sums in one order.
    case cuda
    /// The same where products of float32 numbers are taken of eleven of their bits.
    case cudaTF32 = "cuda-tf32"
    /// The same where sums may be taken in an order that changes from run to run.
    case cudaFast = "cuda-fast"
    case cudaFastTF32 = "cuda-fast-tf32"

    /// What computes on a GPU under these conditions; a job's id knows them.
    public static func gpu(allowsTF32: Bool, isFast: Bool) -> BackendName {
        switch (allowsTF32, isFast) {
        case (false, false): .cuda
        case (true, false): .cudaTF32
        case (false, true): .cudaFast
        case (true, true): .cudaFastTF32
        }
    }

    public var usesGPU: Bool {
        switch self {
        case .reference, .cpu: false
        case .cuda, .cudaTF32, .cudaFast, .cudaFastTF32: true
        }
    }

    public var allowsTF32: Bool { self == .cudaTF32 || self == .cudaFastTF32 }
    public var isFast: Bool { self == .cudaFast || self == .cudaFastTF32 }
}

extension JobSpecification {
    /// Double precision exists on the reference backend only.
    public var standardBackend: BackendName { precision == .float64 ? .reference : .cpu }
}

/// A job and what computes it.
public struct EngineJob: Hashable, Sendable, Codable {
    public let specification: JobSpecification
    public let backend: BackendName
    public let threads: Int

    public init(_ specification: JobSpecification, backend: BackendName, threads: Int) {
        self.specification = specification
        self.backend = backend
        self.threads = threads
    }
}

/// One job, from its specification or its last checkpoint to its events.
public struct TrainRequest: Hashable, Sendable, Codable {
    public let job: EngineJob
    /// The folder of the data set; nil where the program draws it.
    public let dataRoot: String?
    /// Where packed caches of photos are kept; nil to decode photos each time. It changes no result.
    public let cacheFolder: String?
    public let loaderThreads: Int
    /// nil to start from the initialization alone.
    public let pretrained: PretrainedRequest?
    /// nil to keep none.
    public let checkpoints: CheckpointRequest?
    /// nil to let the final weights go.
    public let weights: WeightsRequest?

    public init(
        job: EngineJob, dataRoot: String?, cacheFolder: String? = nil, loaderThreads: Int,
        pretrained: PretrainedRequest? = nil, checkpoints: CheckpointRequest? = nil,
        weights: WeightsRequest? = nil
    ) {
        self.job = job
        self.dataRoot = dataRoot
        self.cacheFolder = cacheFolder
        self.loaderThreads = loaderThreads
        self.pretrained = pretrained
        self.checkpoints = checkpoints
        self.weights = weights
    }
}

/// Where a job's checkpoints are, and how often there is a new one.
public struct CheckpointRequest: Hashable, Sendable, Codable {
    public let job: String
    public let folder: String
    /// How much training time a crash may cost; 0 for a checkpoint after every step.
    public let seconds: Double

    public init(job: String, folder: String, seconds: Double) {
        self.job = job
        self.folder = folder
        self.seconds = seconds
    }
}

/// Where a job's final weights go.
public struct WeightsRequest: Hashable, Sendable, Codable {
    public let job: String
    public let path: String

    public init(job: String, path: String) {
        self.job = job
        self.path = path
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
    public let job: EngineJob
    /// A safetensors or PyTorch file; nil for the specification's own initialization and seed.
    public let weights: String?
    /// A safetensors file with `images` and `labels`.
    public let batch: String
    public let stepCount: Int
    public let output: String

    public init(
        job: EngineJob, weights: String?, batch: String, stepCount: Int, output: String
    ) {
        self.job = job
        self.weights = weights
        self.batch = batch
        self.stepCount = stepCount
        self.output = output
    }
}

import CPUBackend
import CUDABackend
import Graphs
import ReferenceBackend
import Training

/// Something to be done on a backend, whichever it is.
protocol EngineTask {
    associatedtype Answer

    consuming func run<Engine: Backend & ~Copyable>(
        target: any Target, engine: consuming Engine
    ) throws -> Answer
}

/// The only place that names backends.
struct BackendChoice {
    let name: BackendName
    let precision: Precision
    let threads: Int

    init(name: BackendName, precision: Precision, threads: Int) {
        self.name = name
        self.precision = precision
        self.threads = threads
    }

    init(_ job: EngineJob) {
        self.init(
            name: job.backend, precision: job.specification.graphPrecision, threads: job.threads)
    }

    var target: any Target {
        switch name {
        case .reference: ReferenceTarget()
        case .cpu: CPUTarget(threads: threads)
        case .cuda, .cudaTF32, .cudaFast, .cudaFastTF32: CUDATarget()
        }
    }

    func run<Task: EngineTask>(_ task: consuming Task) throws -> Task.Answer {
        let target = target
        switch (name, precision) {
        case (.reference, .float64):
            return try task.run(target: target, engine: ReferenceBackend<Double>())
        case (.reference, _):
            return try task.run(target: target, engine: ReferenceBackend<Float>())
        case (.cpu, _):
            return try task.run(target: target, engine: try CPUBackend(threads: threads))
        case (.cuda, _), (.cudaTF32, _), (.cudaFast, _), (.cudaFastTF32, _):
            return try task.run(target: target, engine: try gpu())
        }
    }

    /// The first GPU that this process sees; who starts it decides which one that is.
    private func gpu() throws -> CUDABackend {
        try CUDABackend(
            try LibrarySurvey().required(),
            options: CUDAOptions(
                allowsTF32: name.allowsTF32, isFast: name.isFast,
                cacheFolder: KernelCacheFolder.path))
    }
}

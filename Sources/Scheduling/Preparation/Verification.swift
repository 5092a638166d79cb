public import Datasets
public import Records
import Specifications
public import Training

/// A recorded job, ready to be trained again without recording anything.
public struct Verification: Sendable {
    private let specification: JobSpecification
    private let backend: BackendName
    private let dataRoot: String?
    private let weights: WeightsSource?

    /// What training again gave.
    public struct Result: Sendable {
        public let outcome: Training.JobOutcome
        public let measurements: [MetricValue]
    }

    /// - Parameters:
    ///   - dataRoots: folders of data sets that the program does not draw.
    ///   - weights: the file that the job started from; nil for the one that its spec names.
    ///   - environment: the variables of that name.
    /// - Throws: ``VerificationError`` when the program or the data are not those of the job,
    ///   ``DatasetError`` when data are missing.
    public init(
        _ record: JobRecord, dataRoots: [DatasetName: String], weights: String?,
        environment: [String: String]
    ) throws {
        let job = record.job
        guard
            let specification = try? WorkerCoding.value(
                JobSpecification.self, from: job.specification),
            let backend = BackendName(rawValue: job.settings.backend)
        else { throw VerificationError.unreadable(job.id) }
        let root = specification.smoke ? nil : dataRoots[specification.dataset.name]
        let source = try DataSource(specification, root: root)
        self.weights =
            try specification.smoke
            ? nil
            : specification.pretrained.map { named in
                try WeightsSource(path: weights ?? named.resolvedPath(environment: environment))
            }
        let context = JobIdentifier.Context(
            backend: backend.rawValue, datasetIdentity: source.provenance.identity,
            weightsDigest: self.weights?.digest)
        guard specification.identifier(in: context).hexadecimal == job.id else {
            throw VerificationError.otherJob(job.id, data: "\(source.provenance)")
        }
        self.specification = specification
        self.backend = backend
        dataRoot = root
    }

    /// Trains the job from the start.
    public func train(
        with worker: WorkerProcess, threads: Int, weights: WeightsRequest?,
        progressed: @escaping @Sendable (JobProgress) -> Void
    ) async throws -> Result {
        let collector = Collector()
        let request = TrainRequest(
            job: EngineJob(specification, backend: backend, threads: threads),
            dataRoot: dataRoot, loaderThreads: 1, pretrained: self.weights?.request,
            weights: weights)
        try await worker.run(.train(request)) { reply in
            guard case .event(let event) = reply else { return }
            if case .progressed(let progress) = event { progressed(progress) }
            await collector.add(event)
        }
        guard let outcome = await collector.outcome else {
            throw WorkerFailure.died(how: "ended without a result", standardError: "")
        }
        return Result(outcome: outcome, measurements: await collector.measurements)
    }

    private actor Collector {
        private(set) var measurements: [MetricValue] = []
        private(set) var outcome: Training.JobOutcome?

        func add(_ event: TrainingEvent) {
            switch event {
            case .measured(let measured): measurements += measured.map(\.metricValue)
            case .ended(let outcome): self.outcome = outcome
            case .started, .restored, .progressed, .noted, .paused: break
            }
        }
    }
}

/// Why a recorded job cannot be trained again as it was.
public enum VerificationError: Error, Hashable, Sendable, CustomStringConvertible {
    case notDone(String, JobState)
    case unreadable(String)
    case otherJob(String, data: String)

    public var description: String {
        switch self {
        case .notDone(let job, let state):
            "job \(job) is \(state.rawValue): there is no result to compare with"
        case .unreadable(let job):
            "job \(job) was recorded by another version of gc-bench, which has other settings"
        case .otherJob(let job, let data):
            "job \(job) cannot be trained again as it was: the data (\(data)) or what this version "
                + "of gc-bench computes are others; --data NAME=PATH names the folder of the data, "
                + "--weights PATH the file of weights that it started from"
        }
    }
}

import Checkpoints
import Datasets
import Graphs
import Models
import Optimizers
import Specifications
import Tensors
import Training

/// Small jobs for tests.
enum Fixture {
    static func job(
        backbone: Backbone = .resnet8, mode: GradientCentralizationMode = .none,
        normalization: Normalization = .batch, batchSize: Int = 8, precision: ScalarType = .float64,
        learningRate: Double = 0.05, weightDecay: Double = 5e-4, seed: Int = 0
    ) -> JobSpecification {
        JobSpecification(
            dataset: DatasetSettings(name: .shapes, trainCount: 64, testCount: 20),
            backbone: backbone, stem: .cifar, normalization: normalization,
            optimizer: OptimizerSettings(
                learningRate: learningRate, momentum: 0.9, weightDecay: weightDecay),
            gradientCentralization: mode, epochs: 1, batchSize: batchSize,
            evaluationBatchSize: 16, precision: precision, seed: seed)
    }

    /// Trains on the reference backend and returns every event.
    ///
    /// - Parameter isStopping: asked after each step; true pauses the job.
    static func events(
        of job: JobSpecification, loaderThreads: Int = 1, pretrained: PretrainedRequest? = nil,
        checkpoints: CheckpointRequest? = nil,
        weights: WeightsRequest? = nil, isStopping: @escaping () -> Bool = { false }
    ) throws -> [TrainingEvent] {
        let request = TrainRequest(
            job: EngineJob(job, backend: .reference, threads: 1), dataRoot: nil,
            loaderThreads: loaderThreads, pretrained: pretrained, checkpoints: checkpoints,
            weights: weights)
        let keeper = try checkpoints.map { try CheckpointKeeper($0, engine: "reference") }
        let events = Events()
        let support = RunSupport(
            keeper: keeper, weights: weights, isStopping: isStopping,
            report: { events.list.append($0) })
        let data = try TrainingData(request, from: keeper?.progress.position ?? .start)
        try Reference.run(request, data: data, support: support)
        return (keeper?.notes ?? []).map(TrainingEvent.noted) + events.list
    }

    private final class Events {
        var list: [TrainingEvent] = []
    }

    static func outcome(of events: [TrainingEvent]) -> JobOutcome? {
        if case .ended(let outcome)? = events.last { outcome } else { nil }
    }

    static func values(of metric: Metric, in events: [TrainingEvent]) -> [Double] {
        events.flatMap { event -> [Double] in
            guard case .measured(let measurements) = event else { return [] }
            return measurements.filter { $0.metric == metric }.map(\.value)
        }
    }
}

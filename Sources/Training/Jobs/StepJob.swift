import Datasets
public import Graphs
import Optimizers
import Specifications
import Tensors
import Weights

/// A fixed number of training steps on given weights and one fixed batch, for comparison with any
/// other framework. No augmentation, and the same batch each step.
public struct StepJob<Engine: Backend & ~Copyable>: ~Copyable {
    private let request: StepRequest
    private let specification: JobSpecification
    private let batch: StepBatch
    private let graph: Graph
    private let executor: Executor<Engine>
    private let step: TrainingStep
    /// What was done to the names of the weights, a sentence each.
    public let notes: [String]

    /// - Throws: ``StepFileError`` for a batch and ``MisfittingWeights`` for weights that do not fit
    ///   the specification, ``WeightsError`` for a file that cannot be read.
    public static func make(
        _ request: StepRequest, target: any Target, engine: consuming Engine
    ) throws -> StepJob {
        let classCount = request.job.specification.classCount
        let batch = try StepBatch(path: request.batch, classCount: classCount)
        let specification = request.job.specification.with { $0.batchSize = batch.images.shape[0] }
        try checkShares(of: batch, specification)
        let program = try TrainingProgram(
            NetworkGraphs(specification, classCount: classCount),
            image: Shape(Array(batch.images.shape.dimensions.dropFirst())), target: target)
        let file = try request.weights.map { path in try WeightsFile(path: path) }
        let weights = try file?.tensors(fitting: program.trainingGraph)
        let executor = try Executor.make(plans: program.plans, on: engine)
        try executor.initialize(
            program.trainingGraph, seed: specification.seed, from: weights ?? [:])
        return StepJob(
            request: request, specification: specification, batch: batch,
            graph: program.trainingGraph, executor: executor,
            step: try TrainingStep(
                program, batchOf: specification.batchSize, seed: specification.seed),
            notes: file?.notes ?? [])
    }

    private static func checkShares(of batch: StepBatch, _ specification: JobSpecification) throws {
        let replicas = specification.batching.replicas
        guard !specification.batchSize.isMultiple(of: replicas) else { return }
        throw StepFileError(
            path: batch.path,
            problem: "\(specification.batchSize) images cannot be split into \(replicas) equal "
                + "micro-batches; `--set replicas=1` takes them as one")
    }

    private init(
        request: StepRequest, specification: JobSpecification, batch: StepBatch, graph: Graph,
        executor: consuming Executor<Engine>, step: TrainingStep, notes: [String]
    ) {
        self.request = request
        self.specification = specification
        self.batch = batch
        self.graph = graph
        self.executor = executor
        self.step = step
        self.notes = notes
    }

    /// Runs the steps, writes the output file and returns the loss before each update.
    ///
    /// The file holds every parameter and running statistic after the last step under
    /// torchvision's names, and `loss` `[steps]`.
    public func run() throws -> [Double] {
        // The rate is that of the first epoch: a step knows no epochs.
        let rate = specification.learningRate(
            at: ScheduleProgress(step: 0, stepsPerEpoch: 1, epochs: specification.epochs))
        let images = batch.images.converted(to: specification.graphPrecision.master).bytes
        let losses = try (0..<request.stepCount).map { number in
            try images.withUnsafeBytes { images in
                try batch.labels.bytes.withUnsafeBytes { labels in
                    try step.run(
                        images: images, labels: labels, learningRate: rate, step: number,
                        updates: number, on: executor)
                }
            }.loss
        }
        try save(losses)
        return losses
    }

    private func save(_ losses: [Double]) throws {
        var tensors: [String: HostTensor] = [:]
        for variable in graph.variables where variable.isPartOfTheModel {
            tensors[variable.path] = try executor.read(variable)
        }
        tensors["loss"] = HostTensor(losses, shape: [losses.count])
            .converted(to: specification.graphPrecision.master)
        try Safetensors.write(tensors, to: request.output)
    }
}

extension Variable {
    /// Whether a framework would save it with the model.
    var isPartOfTheModel: Bool {
        switch kind {
        case .parameter, .runningStatistic: true
        case .optimizerState, .weightCopy, .gradientSum: false
        }
    }
}

public import Checkpoints
import Datasets
public import Graphs
import Optimizers
import Specifications
public import Tensors

/// One job on one backend: from initial weights or a checkpoint to its outcome, an event at a time.
///
/// Memory and threads are settled when it is made; a step allocates nothing.
public struct TrainingJob<Engine: Backend & ~Copyable>: ~Copyable {
    let specification: JobSpecification
    let data: TrainingData
    let program: TrainingProgram
    let executor: Executor<Engine>
    /// By the images of a batch.
    private let steps: [Int: TrainingStep]
    /// By the loader whose images they are.
    private let stocks: [ObjectIdentifier: ImageStock]
    private let threads: Int
    /// Where the job started, if not from its initialization alone.
    private let pretrained: String?

    /// Plans, prepares and initializes everything.
    ///
    /// - Parameter checkpoint: the tensors to go on from; nil for initial ones.
    /// - Throws: ``DatasetError`` for data that do not fit, ``ShapeError``, ``PlanningError`` and
    ///   ``BackendError`` from the engine.
    public static func make(
        _ request: TrainRequest, data: TrainingData, target: any Target, engine: consuming Engine,
        from checkpoint: Checkpoint? = nil
    ) throws -> TrainingJob {
        let specification = request.job.specification
        let graphs = NetworkGraphs(specification, classCount: data.training.classCount)
        let program = try TrainingProgram(
            graphs, image: data.imageShape, counts: data.counts, target: target)
        var steps: [Int: TrainingStep] = [:]
        for size in program.batchSizes {
            steps[size] = try TrainingStep(program, batchOf: size, seed: specification.seed)
        }
        let graph = program.trainingGraph
        // A checkpoint has everything; the file may even be gone by now.
        let pretrained =
            try checkpoint == nil
            ? request.pretrained.map { try PretrainedStart($0, for: specification, graph: graph) }
            : nil
        var executor = try Executor.make(plans: program.plans, on: engine)
        let stocks = try executor.stocks(
            data.keptImages, normalization: specification.pipeline.normalization)
        try executor.initialize(
            graph, seed: specification.seed,
            from: checkpoint?.tensors ?? pretrained?.tensors ?? [:])
        return TrainingJob(
            specification: specification, data: data, program: program, executor: executor,
            steps: steps, stocks: stocks, threads: request.job.threads,
            pretrained: pretrained?.description)
    }

    private init(
        specification: JobSpecification, data: TrainingData, program: TrainingProgram,
        executor: consuming Executor<Engine>, steps: [Int: TrainingStep],
        stocks: [ObjectIdentifier: ImageStock], threads: Int, pretrained: String?
    ) {
        self.specification = specification
        self.data = data
        self.program = program
        self.executor = executor
        self.steps = steps
        self.stocks = stocks
        self.threads = threads
        self.pretrained = pretrained
    }

    /// What is known before the first step.
    func start(at step: Int) -> JobStart {
        JobStart(
            parameters: specification.optimizers.parameterCount(of: program.trainingGraph),
            arenaByteCount: program.arenaByteCount,
            stepCount: specification.epochs * data.stepsPerEpoch,
            data: [data.description, pretrained].compactMap(\.self).joined(separator: "; "),
            skippedWeights: specification.optimizers.skippedWeights(of: program.trainingGraph),
            threads: threads, firstStep: step)
    }

    /// One update on one batch.
    func train(on batch: Batch, step: Int) throws -> StepResult {
        let rate = specification.learningRate(
            at: ScheduleProgress(
                step: step, stepsPerEpoch: data.stepsPerEpoch, epochs: specification.epochs))
        guard let runs = steps[batch.count] else {
            preconditionFailure("no plan trains on \(batch.count) images")
        }
        return try runs.run(
            images: batch.images, of: stocks[ObjectIdentifier(data.trainingLoader)],
            labels: UnsafeRawBufferPointer(batch.labels), learningRate: rate, step: step,
            updates: updates(before: step), on: executor)
    }

    /// Updates since the optimizer's state started, what bias corrections count.
    private func updates(before step: Int) -> Int {
        let restart = (specification.optimizerRestart ?? 0) * data.stepsPerEpoch
        return step < restart ? step : step - restart
    }

    /// Gives the optimizer the state that it began with.
    func restartOptimizer() throws(BackendError) {
        for variable in program.trainingGraph.variables {
            guard case .optimizerState = variable.kind else { continue }
            try executor.load(variable.initialTensor(seed: specification.seed), into: variable)
        }
    }

    /// All images of a loader once.
    func evaluate(_ loader: Loader) throws -> EvaluationResult {
        var result = EvaluationResult()
        for _ in 0..<loader.plan.batchesPerEpoch {
            try loader.withNextBatch { batch in
                guard let index = program.evaluationPlan(batchOf: batch.count) else {
                    preconditionFailure("no plan evaluates \(batch.count) images")
                }
                result.add(
                    try executor.evaluate(
                        batch, of: stocks[ObjectIdentifier(loader)], plan: index))
            }
        }
        return result
    }

    /// All parameters and running statistics by path.
    public func weights() throws -> [String: HostTensor] {
        try tensors(where: \.isPartOfTheModel)
    }

    /// Everything that outlives a step, optimizer state included; copies follow their weights.
    func tensors(where isIncluded: (Variable) -> Bool = { _ in true }) throws
        -> [String: HostTensor]
    {
        var tensors: [String: HostTensor] = [:]
        for variable in program.trainingGraph.variables
        where isIncluded(variable) && variable.outlivesStep {
            tensors[variable.path] = try executor.read(variable)
        }
        return tensors
    }
}

extension Executor where Engine: ~Copyable {
    /// Keeps the images of loaders that hand out placements.
    fileprivate mutating func stocks(
        _ sets: [(images: Dataset, loader: Loader)], normalization: PixelNormalization
    ) throws -> [ObjectIdentifier: ImageStock] {
        var stocks: [ObjectIdentifier: ImageStock] = [:]
        for (images, loader) in sets {
            stocks[ObjectIdentifier(loader)] = try stock(
                count: images.count, shape: images.imageShape,
                table: normalization.table(of: Float.self)
            ) { try images.image(at: $0).bytes }
        }
        return stocks
    }
}

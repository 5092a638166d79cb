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
    private let ports: StepPorts
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
            graphs, image: data.training.imageShape, testCount: data.test.count, target: target)
        let graph = program.trainingGraph
        // A checkpoint has everything; the file may even be gone by now.
        let pretrained =
            try checkpoint == nil
            ? request.pretrained.map { try PretrainedStart($0, for: specification, graph: graph) }
            : nil
        let executor = try Executor.make(plans: program.plans, on: engine)
        try executor.initialize(
            graph, seed: specification.seed,
            from: checkpoint?.tensors ?? pretrained?.tensors ?? [:])
        return TrainingJob(
            specification: specification, data: data, program: program, executor: executor,
            ports: try StepPorts(program.training), threads: request.job.threads,
            pretrained: pretrained?.description)
    }

    private init(
        specification: JobSpecification, data: TrainingData, program: TrainingProgram,
        executor: consuming Executor<Engine>, ports: StepPorts, threads: Int,
        pretrained: String?
    ) {
        self.specification = specification
        self.data = data
        self.program = program
        self.executor = executor
        self.ports = ports
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
        try executor.write(batch.images, to: ports.images)
        try executor.write(UnsafeRawBufferPointer(batch.labels), to: ports.labels)
        try executor.write(step, rate: rate, seed: specification.seed, to: ports)
        try executor.run(plan: 0)
        return StepResult(
            loss: try executor.number(in: ports.loss), hits: try executor.number(in: ports.top1),
            learningRate: rate,
            removedEnergy: try ports.energy.map { try executor.number(at: 0, in: $0) } ?? 0,
            wholeEnergy: try ports.energy.map { try executor.number(at: 1, in: $0) } ?? 0)
    }

    /// The whole test set.
    func evaluate() throws -> EvaluationResult {
        var result = EvaluationResult()
        for _ in 0..<data.evaluationBatchCount {
            try data.testLoader.withNextBatch { batch in
                guard let index = program.evaluationPlan(batchOf: batch.count) else {
                    preconditionFailure("no plan evaluates \(batch.count) images")
                }
                result.add(try executor.evaluate(batch, plan: index))
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
        where isIncluded(variable) && !variable.isCopy {
            tensors[variable.path] = try executor.read(variable)
        }
        return tensors
    }
}

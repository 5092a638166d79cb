import Datasets
public import Graphs
import Optimizers
import Specifications
public import Tensors

/// One job on one backend: from initial weights to its outcome, an event at a time.
///
/// Memory and threads are settled when it is made; a step allocates nothing.
public struct TrainingJob<Engine: Backend & ~Copyable>: ~Copyable {
    private let specification: JobSpecification
    private let data: TrainingData
    private let program: TrainingProgram
    private let executor: Executor<Engine>
    private let ports: StepPorts
    private let threads: Int

    /// Plans, prepares and initializes everything.
    ///
    /// - Throws: ``DatasetError`` for data that do not fit, ``ShapeError``, ``PlanningError`` and
    ///   ``BackendError`` from the engine.
    public static func make(
        _ request: TrainRequest, data: TrainingData, target: any Target, engine: consuming Engine
    ) throws -> TrainingJob {
        let specification = request.specification
        let graphs = NetworkGraphs(specification, classCount: data.training.classCount)
        let program = try TrainingProgram(
            graphs, image: data.training.imageShape, testCount: data.test.count, target: target)
        let executor = try Executor.make(plans: program.plans, on: engine)
        try executor.initialize(program.trainingGraph, seed: specification.seed)
        return TrainingJob(
            specification: specification, data: data, program: program, executor: executor,
            ports: try StepPorts(program.training), threads: request.threads)
    }

    private init(
        specification: JobSpecification, data: TrainingData, program: TrainingProgram,
        executor: consuming Executor<Engine>, ports: StepPorts, threads: Int
    ) {
        self.specification = specification
        self.data = data
        self.program = program
        self.executor = executor
        self.ports = ports
        self.threads = threads
    }

    /// Trains to the end and reports on the way; the last event is the outcome.
    public func run(report: (TrainingEvent) throws -> Void) throws {
        let stopwatch = Stopwatch()
        var meter = JobMeter(specification: specification, stepsPerEpoch: data.stepsPerEpoch)
        try report(.started(start))
        for epoch in 0..<specification.epochs {
            let isFinite = try trainEpoch(epoch, meter: &meter, report: report)
            guard isFinite else {
                try report(.measured(meter.trainingMeasurements(epoch: epoch)))
                return try report(.ended(outcome(.diverged, meter, stopwatch)))
            }
            let evaluation = try evaluate()
            try report(
                .measured(
                    meter.trainingMeasurements(epoch: epoch)
                        + meter.measurements(of: evaluation, epoch: epoch)))
        }
        try report(.ended(outcome(.finished, meter, stopwatch)))
    }

    private var start: JobStart {
        JobStart(
            parameters: program.trainingGraph.parameterCount,
            arenaByteCount: program.arenaByteCount,
            stepCount: specification.epochs * data.stepsPerEpoch, data: data.description,
            skippedWeights: Recipe(specification.optimizer, specification.gradientCentralization)
                .skippedWeights(of: program.trainingGraph),
            threads: threads)
    }

    // MARK: - Training

    /// One epoch; false as soon as the loss is infinite or not a number.
    private func trainEpoch(
        _ epoch: Int, meter: inout JobMeter, report: (TrainingEvent) throws -> Void
    ) throws -> Bool {
        meter.startEpoch(waitingSeconds: data.trainingLoader.waitingSeconds)
        for step in 0..<data.stepsPerEpoch {
            let number = epoch * data.stepsPerEpoch + step
            let result = try data.trainingLoader.withNextBatch { batch in
                try train(on: batch, step: number)
            }
            meter.add(
                result, images: specification.batchSize,
                waitingSeconds: data.trainingLoader.waitingSeconds)
            if let progress = meter.progressIfDue(epoch: epoch, step: number + 1) {
                try report(.progressed(progress))
            }
            if !result.loss.isFinite { return false }
        }
        meter.endEpoch()
        return true
    }

    /// One update on one batch.
    private func train(on batch: Batch, step: Int) throws -> StepResult {
        let progress = Double(step) / Double(data.stepsPerEpoch)
        let rate =
            specification.optimizer.learningRate
            * specification.schedule.factor(at: progress, of: specification.epochs)
        try executor.write(batch.images, to: ports.images)
        try executor.write(UnsafeRawBufferPointer(batch.labels), to: ports.labels)
        try executor.write(rate, to: ports.learningRate)
        try executor.write(Double(step), to: ports.step)
        try executor.run(plan: 0)
        return StepResult(
            loss: try executor.number(in: ports.loss), hits: try executor.number(in: ports.top1),
            learningRate: rate,
            removedEnergy: try ports.energy.map { try executor.number(at: 0, in: $0) } ?? 0,
            wholeEnergy: try ports.energy.map { try executor.number(at: 1, in: $0) } ?? 0)
    }

    // MARK: - Evaluation

    private func evaluate() throws -> EvaluationResult {
        var result = EvaluationResult()
        for _ in 0..<data.evaluationBatchCount {
            try data.testLoader.withNextBatch { batch in
                guard let index = program.evaluationPlan(batchOf: batch.count) else {
                    preconditionFailure("no plan evaluates \(batch.count) images")
                }
                let ports = try EvaluationPorts(program.plans[index])
                try executor.write(batch.images, to: ports.images)
                try executor.write(UnsafeRawBufferPointer(batch.labels), to: ports.labels)
                try executor.run(plan: index)
                result.add(
                    loss: try executor.number(in: ports.loss),
                    top1: try executor.number(in: ports.top1),
                    top5: try ports.top5.map { try executor.number(in: $0) }, count: batch.count)
            }
        }
        return result
    }

    // MARK: - The end

    /// All parameters and running statistics by path.
    public func weights() throws -> [String: HostTensor] {
        var weights: [String: HostTensor] = [:]
        for variable in program.trainingGraph.variables {
            switch variable.kind {
            case .parameter, .runningStatistic: weights[variable.path] = try executor.read(variable)
            case .optimizerState, .weightCopy: continue
            }
        }
        return weights
    }

    private func outcome(_ state: JobOutcome.State, _ meter: JobMeter, _ stopwatch: Stopwatch)
        throws -> JobOutcome
    {
        JobOutcome(
            state: state, weightsDigest: WeightsDigest.digest(of: try weights()),
            imagesPerSecond: meter.imagesPerSecond, seconds: stopwatch.seconds,
            peakResidentBytes: ProcessMemory.peakResidentBytes)
    }
}

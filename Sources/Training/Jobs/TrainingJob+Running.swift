public import Checkpoints
import Datasets
import Graphs
import Specifications
import Tensors

/// What a run asks of its surroundings.
public struct RunSupport {
    /// Keeps checkpoints; nil for none.
    let keeper: CheckpointKeeper?
    /// Where the final weights go; nil to let them go.
    let weights: WeightsRequest?
    /// Asked after each step; true ends the run behind a checkpoint.
    let isStopping: () -> Bool
    let report: (TrainingEvent) throws -> Void

    /// Where the run goes on; nil to begin at the start.
    public var checkpoint: Checkpoint? { keeper?.found }

    public init(
        keeper: CheckpointKeeper? = nil, weights: WeightsRequest? = nil,
        isStopping: @escaping () -> Bool = { false },
        report: @escaping (TrainingEvent) throws -> Void
    ) {
        self.keeper = keeper
        self.weights = weights
        self.isStopping = isStopping
        self.report = report
    }
}

extension TrainingJob where Engine: ~Copyable {
    /// Trains to the end and reports on the way; the last event is the outcome, or the pause that
    /// was asked for.
    public func run(_ support: RunSupport) throws {
        var progress = support.keeper?.progress ?? .start
        let watch = PausableWatch(before: progress.seconds)
        var meter = JobMeter(
            specification: specification, stepsPerEpoch: data.stepsPerEpoch,
            state: progress.meter, waitingSeconds: data.trainingLoader.waitingSeconds)
        try support.report(.started(start(at: step(of: progress))))
        try support.report(.restored(progress.measurements))
        for note in data.notes { try support.report(.noted(note)) }
        while progress.epoch < specification.epochs {
            switch try trainEpoch(&progress, &meter, watch, support) {
            case .trained: break
            case .stopped: return try support.report(.paused(step: step(of: progress)))
            case .diverged:
                try support.report(.measured(meter.trainingMeasurements(epoch: progress.epoch)))
                return try end(.diverged, meter, watch, support)
            }
            let measured =
                meter.trainingMeasurements(epoch: progress.epoch)
                + (try evaluations(meter, epoch: progress.epoch))
            progress.endEpoch(measured)
            try support.report(.measured(measured))
            try keepIfDue(&progress, meter, watch, support, atEpochEnd: true)
        }
        try end(.finished, meter, watch, support)
    }

    /// Of the test images, and of validation images where some are kept apart.
    private func evaluations(_ meter: JobMeter, epoch: Int) throws -> [Measurement] {
        let test = meter.measurements(
            of: try evaluate(data.testLoader), as: .test, epoch: epoch)
        guard let loader = data.validationLoader else { return test }
        return test
            + meter.measurements(of: try evaluate(loader), as: .validation, epoch: epoch)
    }

    private func step(of progress: TrainingProgress) -> Int {
        progress.epoch * data.stepsPerEpoch + progress.batch
    }

    // MARK: - Training

    /// The rest of one epoch; stops as soon as the loss is infinite or not a number.
    private func trainEpoch(
        _ progress: inout TrainingProgress, _ meter: inout JobMeter, _ watch: PausableWatch,
        _ support: RunSupport
    ) throws -> EpochEnding {
        if progress.batch == 0 {
            meter.startEpoch()
            if progress.epoch == specification.optimizerRestart { try restartOptimizer() }
        }
        while progress.batch < data.stepsPerEpoch {
            let number = step(of: progress)
            let (result, count) = try data.trainingLoader.withNextBatch { batch in
                (try train(on: batch, step: number), batch.count)
            }
            meter.add(
                result, images: count,
                waitingSeconds: data.trainingLoader.waitingSeconds)
            if let report = meter.progressIfDue(epoch: progress.epoch, step: number + 1) {
                try support.report(.progressed(report))
            }
            if !result.loss.isFinite { return .diverged }
            progress.batch += 1
            if progress.batch == data.stepsPerEpoch { meter.endEpoch() }
            if support.isStopping() {
                try keep(&progress, meter, watch, support)
                return .stopped
            }
            try keepIfDue(&progress, meter, watch, support, atEpochEnd: false)
        }
        return .trained
    }

    // MARK: - Checkpoints

    private func keepIfDue(
        _ progress: inout TrainingProgress, _ meter: JobMeter, _ watch: PausableWatch,
        _ support: RunSupport, atEpochEnd: Bool
    ) throws {
        guard let keeper = support.keeper, keeper.isDue(atEpochEnd: atEpochEnd) else { return }
        try keep(&progress, meter, watch, support)
    }

    private func keep(
        _ progress: inout TrainingProgress, _ meter: JobMeter, _ watch: PausableWatch,
        _ support: RunSupport
    ) throws {
        progress.meter = meter.state
        progress.seconds = watch.seconds
        let problem = support.keeper?.write(
            progress, step: step(of: progress), tensors: try tensors())
        if let problem { try support.report(.noted(problem)) }
    }

    // MARK: - The end

    private func end(
        _ state: JobOutcome.State, _ meter: JobMeter, _ watch: PausableWatch, _ support: RunSupport
    ) throws {
        let weights = KeptWeights(job: support.weights?.job ?? "", tensors: try weights())
        if let request = support.weights { try weights.write(to: request.path) }
        try support.report(
            .ended(
                JobOutcome(
                    state: state, weightsDigest: weights.digest,
                    imagesPerSecond: meter.imagesPerSecond, seconds: watch.seconds,
                    peakResidentBytes: ProcessMemory.peakResidentBytes)))
    }
}

private enum EpochEnding {
    case trained
    case diverged
    case stopped
}

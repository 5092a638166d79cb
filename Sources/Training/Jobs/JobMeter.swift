import Specifications

/// What one training step yields.
struct StepResult {
    let loss: Double
    /// Images whose class had the largest score.
    let hits: Double
    let learningRate: Double
    let removedEnergy: Double
    let wholeEnergy: Double
}

/// Which images were evaluated.
enum EvaluatedSet {
    case test
    case validation

    var loss: Metric { self == .test ? .testLoss : .validationLoss }
    var accuracy: Metric { self == .test ? .testAccuracy : .validationAccuracy }
    var top5Accuracy: Metric { self == .test ? .testTop5Accuracy : .validationTop5Accuracy }
}

/// Adds up what a job measures and decides when to tell of it.
struct JobMeter {
    private let specification: JobSpecification
    private let stepsPerEpoch: Int
    private(set) var state: MeterState
    private var reportWatch = Stopwatch()
    private var lastWaiting: Double

    /// Seconds between two reports of progress.
    private static let reportInterval = 0.25

    /// - Parameter waitingSeconds: what the loader's count starts from.
    init(
        specification: JobSpecification, stepsPerEpoch: Int, state: MeterState,
        waitingSeconds: Double
    ) {
        self.specification = specification
        self.stepsPerEpoch = stepsPerEpoch
        self.state = state
        self.state.epoch.watch = state.epoch.watch.resumed
        lastWaiting = waitingSeconds
    }

    /// Whether losses and accuracies are means over batches rather than over images.
    private var countsBatches: Bool { specification.quirks.contains(.batchMeans) }

    /// Over all epochs that have ended, evaluation left out.
    var imagesPerSecond: Double {
        state.trainingSeconds > 0 ? Double(state.trainedImages) / state.trainingSeconds : 0
    }

    mutating func startEpoch() {
        state.epoch = MeterState.EpochSums()
        state.epochSeconds = nil
    }

    mutating func add(_ step: StepResult, images: Int, waitingSeconds: Double) {
        let count = Double(images)
        state.epoch.steps += 1
        state.epoch.images += images
        state.epoch.loss += countsBatches ? step.loss : step.loss * count
        state.epoch.hits += countsBatches ? step.hits / count : step.hits
        state.epoch.learningRate = step.learningRate
        state.epoch.removedEnergy += step.removedEnergy
        state.epoch.wholeEnergy += step.wholeEnergy
        state.epoch.waiting += waitingSeconds - lastWaiting
        lastWaiting = waitingSeconds
        state.lastLoss = step.loss
    }

    mutating func endEpoch() {
        let seconds = state.epoch.watch.seconds
        state.epochSeconds = seconds
        state.trainedImages += state.epoch.images
        state.trainingSeconds += seconds
    }

    mutating func progressIfDue(epoch number: Int, step: Int) -> JobProgress? {
        guard reportWatch.seconds >= Self.reportInterval else { return nil }
        reportWatch = Stopwatch()
        let (epoch, seconds) = (state.epoch, state.epoch.watch.seconds)
        return JobProgress(
            epoch: number + 1, epochs: specification.epochs, step: step,
            stepCount: specification.epochs * stepsPerEpoch,
            batchSize: specification.batchSize, loss: state.lastLoss,
            imagesPerSecond: Double(epoch.images) / seconds, waitShare: epoch.waiting / seconds)
    }

    func trainingMeasurements(epoch number: Int) -> [Measurement] {
        let epoch = state.epoch
        let seconds = state.epochSeconds ?? epoch.watch.seconds
        let count = Double(countsBatches ? epoch.steps : epoch.images)
        var values: [(Metric, Double)] = [
            (.trainingLoss, epoch.loss / count), (.trainingAccuracy, 100 * epoch.hits / count),
            (.learningRate, epoch.learningRate),
            (.imagesPerSecond, Double(epoch.images) / seconds),
            (.dataWait, 100 * epoch.waiting / seconds),
        ]
        if epoch.wholeEnergy > 0 {
            values.append((.removedGradientEnergy, 100 * epoch.removedEnergy / epoch.wholeEnergy))
        }
        return measurements(values, epoch: number)
    }

    func measurements(
        of evaluation: EvaluationResult, as set: EvaluatedSet, epoch number: Int
    ) -> [Measurement] {
        var values: [(Metric, Double)] = [
            (set.loss, evaluation.meanLoss), (set.accuracy, evaluation.accuracy),
        ]
        if let top5 = evaluation.top5Accuracy { values.append((set.top5Accuracy, top5)) }
        return measurements(values, epoch: number)
    }

    private func measurements(_ values: [(Metric, Double)], epoch number: Int) -> [Measurement] {
        values.map { metric, value in
            Measurement(
                epoch: number + 1, step: number * stepsPerEpoch + state.epoch.steps, metric: metric,
                value: value)
        }
    }
}

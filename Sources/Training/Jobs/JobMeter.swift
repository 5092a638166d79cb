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

/// Sums over an evaluation.
struct EvaluationResult {
    private(set) var lossSum = 0.0
    private(set) var top1 = 0.0
    private(set) var top5: Double?
    private(set) var count = 0

    mutating func add(loss: Double, top1: Double, top5: Double?, count: Int) {
        lossSum += loss * Double(count)
        self.top1 += top1
        if let top5 { self.top5 = (self.top5 ?? 0) + top5 }
        self.count += count
    }
}

/// Adds up what a job measures and decides when to tell of it.
struct JobMeter {
    private let specification: JobSpecification
    private let stepsPerEpoch: Int
    private var epoch = EpochSums()
    private var reportWatch = Stopwatch()
    private var trainedImages = 0
    private var trainingSeconds = 0.0

    private struct EpochSums {
        var watch = Stopwatch()
        var steps = 0
        var images = 0
        var loss = 0.0
        var hits = 0.0
        var learningRate = 0.0
        var removedEnergy = 0.0
        var wholeEnergy = 0.0
        var waitingAtStart = 0.0
        var waiting = 0.0
    }

    /// Seconds between two reports of progress.
    private static let reportInterval = 0.25

    init(specification: JobSpecification, stepsPerEpoch: Int) {
        self.specification = specification
        self.stepsPerEpoch = stepsPerEpoch
    }

    /// Over all epochs that have ended, evaluation left out.
    var imagesPerSecond: Double {
        trainingSeconds > 0 ? Double(trainedImages) / trainingSeconds : 0
    }

    mutating func startEpoch(waitingSeconds: Double) {
        epoch = EpochSums()
        epoch.waitingAtStart = waitingSeconds
    }

    mutating func add(_ step: StepResult, images: Int, waitingSeconds: Double) {
        epoch.steps += 1
        epoch.images += images
        epoch.loss += step.loss
        epoch.hits += step.hits
        epoch.learningRate = step.learningRate
        epoch.removedEnergy += step.removedEnergy
        epoch.wholeEnergy += step.wholeEnergy
        epoch.waiting = waitingSeconds - epoch.waitingAtStart
        lastLoss = step.loss
    }

    private var lastLoss = 0.0
    private var epochSeconds = 0.0

    mutating func endEpoch() {
        epochSeconds = epoch.watch.seconds
        trainedImages += epoch.images
        trainingSeconds += epochSeconds
    }

    mutating func progressIfDue(epoch number: Int, step: Int) -> JobProgress? {
        guard reportWatch.seconds >= Self.reportInterval else { return nil }
        reportWatch = Stopwatch()
        let seconds = epoch.watch.seconds
        return JobProgress(
            epoch: number + 1, epochs: specification.epochs, step: step,
            stepCount: specification.epochs * stepsPerEpoch, loss: lastLoss,
            imagesPerSecond: Double(epoch.images) / seconds, waitShare: epoch.waiting / seconds)
    }

    func trainingMeasurements(epoch number: Int) -> [Measurement] {
        let seconds = epochSeconds > 0 ? epochSeconds : epoch.watch.seconds
        var values: [(Metric, Double)] = [
            (.trainingLoss, epoch.loss / Double(epoch.steps)),
            (.trainingAccuracy, 100 * epoch.hits / Double(epoch.images)),
            (.learningRate, epoch.learningRate),
            (.imagesPerSecond, Double(epoch.images) / seconds),
            (.dataWait, 100 * epoch.waiting / seconds),
        ]
        if epoch.wholeEnergy > 0 {
            values.append((.removedGradientEnergy, 100 * epoch.removedEnergy / epoch.wholeEnergy))
        }
        return measurements(values, epoch: number)
    }

    func measurements(of evaluation: EvaluationResult, epoch number: Int) -> [Measurement] {
        let count = Double(evaluation.count)
        var values: [(Metric, Double)] = [
            (.testLoss, evaluation.lossSum / count),
            (.testAccuracy, 100 * evaluation.top1 / count),
        ]
        if let top5 = evaluation.top5 { values.append((.testTop5Accuracy, 100 * top5 / count)) }
        return measurements(values, epoch: number)
    }

    private func measurements(_ values: [(Metric, Double)], epoch number: Int) -> [Measurement] {
        values.map { metric, value in
            Measurement(
                epoch: number + 1, step: number * stepsPerEpoch + epoch.steps, metric: metric,
                value: value)
        }
    }
}

/// What a job tells the one who runs it, in the order in which it happens.
public enum TrainingEvent: Hashable, Sendable, Codable {
    case started(JobStart)
    /// Everything that was measured before, which replaces whatever was recorded: what a crash
    /// took is back, and what will be measured again is gone. Follows `started`.
    case restored([Measurement])
    case progressed(JobProgress)
    case measured([Measurement])
    /// Something that a reader of the log should know.
    case noted(String)
    /// Asked to stop, and did after a checkpoint at this step.
    case paused(step: Int)
    case ended(JobOutcome)
}

/// What is known once a job is ready to run its first step.
public struct JobStart: Hashable, Sendable, Codable {
    public let parameters: Int
    public let arenaByteCount: Int
    public let stepCount: Int
    /// Where the images come from, for a person.
    public let data: String
    /// Weights that centralization leaves alone because their fan-in is 1.
    public let skippedWeights: [String]
    public let threads: Int
    /// Steps taken before, by a checkpoint; 0 at the start.
    public let firstStep: Int
}

/// Where a job is.
public struct JobProgress: Hashable, Sendable, Codable {
    public let epoch: Int
    public let epochs: Int
    public let step: Int
    public let stepCount: Int
    public let batchSize: Int
    /// The loss of the last step.
    public let loss: Double
    public let imagesPerSecond: Double
    /// The share of time that training spent waiting for images.
    public let waitShare: Double

    /// The training that is left, at the rate of this epoch.
    public var secondsLeft: Double? {
        guard imagesPerSecond > 0 else { return nil }
        return Double((stepCount - step) * batchSize) / imagesPerSecond
    }
}

/// A number of a job: `metric` after `epoch` epochs (counted from 1) and `step` steps.
public struct Measurement: Hashable, Sendable, Codable {
    public let epoch: Int
    public let step: Int
    public let metric: Metric
    public let value: Double

    public init(epoch: Int, step: Int, metric: Metric, value: Double) {
        self.epoch = epoch
        self.step = step
        self.metric = metric
        self.value = value
    }
}

/// What is measured after every epoch.
public enum Metric: String, Hashable, Sendable, Codable, CaseIterable {
    /// The mean loss of the epoch's training batches.
    case trainingLoss = "train_loss"
    /// Percent of augmented training images whose class had the largest score when it was seen.
    case trainingAccuracy = "train_accuracy"
    case testLoss = "test_loss"
    /// Percent of test images whose class has the largest score.
    case testAccuracy = "test_accuracy"
    /// Percent of test images whose class is among the five largest scores.
    case testTop5Accuracy = "test_top5_accuracy"
    /// The same of training images that are kept apart.
    case validationLoss = "validation_loss"
    case validationAccuracy = "validation_accuracy"
    case validationTop5Accuracy = "validation_top5_accuracy"
    case learningRate = "learning_rate"
    /// Percent of the energy of the centralized gradients that centralization removed:
    /// 100 · Σ(eᵀg)² / Σ‖g‖² over the epoch.
    case removedGradientEnergy = "removed_gradient_energy"
    case imagesPerSecond = "images_per_second"
    /// Percent of the epoch's time spent waiting for images.
    case dataWait = "data_wait"

    /// Whether it is a matter of time, and so not the same twice.
    public var isTimed: Bool {
        switch self {
        case .imagesPerSecond, .dataWait: true
        case .trainingLoss, .trainingAccuracy, .testLoss, .testAccuracy, .testTop5Accuracy,
            .validationLoss, .validationAccuracy, .validationTop5Accuracy, .learningRate,
            .removedGradientEnergy:
            false
        }
    }
}

/// How a job ended.
public struct JobOutcome: Hashable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable {
        case finished
        /// The loss became infinite or not a number: a result, not a failure.
        case diverged
    }

    public let state: State
    /// SHA-256 of all parameters and running statistics.
    public let weightsDigest: String
    /// Training images per second over the whole job, evaluation left out.
    public let imagesPerSecond: Double
    public let seconds: Double
    public let peakResidentBytes: Int

    public init(
        state: State, weightsDigest: String, imagesPerSecond: Double, seconds: Double,
        peakResidentBytes: Int
    ) {
        self.state = state
        self.weightsDigest = weightsDigest
        self.imagesPerSecond = imagesPerSecond
        self.seconds = seconds
        self.peakResidentBytes = peakResidentBytes
    }
}

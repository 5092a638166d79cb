/// What a job tells the one who runs it, in the order in which it happens.
public enum TrainingEvent: Hashable, Sendable, Codable {
    case started(JobStart)
    case progressed(JobProgress)
    case measured([Measurement])
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
}

/// Where a job is.
public struct JobProgress: Hashable, Sendable, Codable {
    public let epoch: Int
    public let epochs: Int
    public let step: Int
    public let stepCount: Int
    /// The loss of the last step.
    public let loss: Double
    public let imagesPerSecond: Double
    /// The share of time that training spent waiting for images.
    public let waitShare: Double
}

/// A number of a job: `metric` after `epoch` epochs (counted from 1) and `step` steps.
public struct Measurement: Hashable, Sendable, Codable {
    public let epoch: Int
    public let step: Int
    public let metric: Metric
    public let value: Double
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
    case learningRate = "learning_rate"
    /// Percent of the energy of the centralized gradients that centralization removed:
    /// 100 · Σ(eᵀg)² / Σ‖g‖² over the epoch.
    case removedGradientEnergy = "removed_gradient_energy"
    case imagesPerSecond = "images_per_second"
    /// Percent of the epoch's time spent waiting for images.
    case dataWait = "data_wait"
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
}

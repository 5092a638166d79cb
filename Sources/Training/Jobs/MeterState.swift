/// The sums behind a job's measurements, as a checkpoint keeps them.
struct MeterState: Hashable, Sendable, Codable {
    /// Of the epoch that is being trained.
    var epoch = EpochSums()
    /// Over all epochs that have ended, evaluation left out.
    var trainedImages = 0
    var trainingSeconds = 0.0
    /// How long training the last epoch took; nil while it is being trained.
    var epochSeconds: Double?
    var lastLoss = 0.0

    struct EpochSums: Hashable, Sendable, Codable {
        var watch = PausableWatch()
        var steps = 0
        var images = 0
        /// Over images, or over batches where the protocol means those.
        var loss = 0.0
        var hits = 0.0
        var learningRate = 0.0
        var removedEnergy = 0.0
        var wholeEnergy = 0.0
        var waiting = 0.0
    }
}

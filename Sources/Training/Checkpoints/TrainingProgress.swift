public import Datasets

/// Where a job stands between two steps, besides its tensors. Random numbers are drawn by position
/// (seed, stream, epoch, index), so there is no generator to remember.
public struct TrainingProgress: Hashable, Sendable, Codable {
    /// Epochs that are trained and evaluated.
    var epoch = 0
    /// Steps taken in the epoch after those; all of them when only the evaluation is missing.
    var batch = 0
    var meter = MeterState()
    /// Everything measured so far.
    var measurements: [Measurement] = []
    /// Time spent on the job, interruptions left out.
    var seconds = 0.0

    public static let start = TrainingProgress()

    /// What the next step trains on.
    public var position: BatchPosition { BatchPosition(epoch: epoch, batch: batch) }

    mutating func endEpoch(_ measured: [Measurement]) {
        measurements += measured
        epoch += 1
        batch = 0
    }
}

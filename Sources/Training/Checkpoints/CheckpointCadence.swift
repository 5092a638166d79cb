/// When to write a checkpoint. It changes no result, only what a crash costs.
struct CheckpointCadence {
    /// How much time may be lost.
    private let seconds: Double
    private var sinceLast = Stopwatch()
    private var lastCost = 0.0

    /// Writing takes at most one part in this many of the time.
    private static let leastShare = 50.0

    init(seconds: Double) { self.seconds = seconds }

    /// - Parameter atEpochEnd: an epoch just ended, which is where a checkpoint serves best.
    func isDue(atEpochEnd: Bool) -> Bool {
        let patience = atEpochEnd ? seconds / 10 : seconds
        return sinceLast.seconds >= max(patience, seconds > 0 ? Self.leastShare * lastCost : 0)
    }

    mutating func wrote(in cost: Double) {
        lastCost = cost
        sinceLast = Stopwatch()
    }
}

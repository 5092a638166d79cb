/// Time that goes on where it stopped, in another process if need be. It is the monotonic clock's:
/// setting the time of day changes nothing.
struct PausableWatch: Hashable, Sendable, Codable {
    private let before: Double
    private let start = ContinuousClock.now

    init(before: Double = 0) { self.before = before }

    var seconds: Double { before + (ContinuousClock.now - start) / .seconds(1) }

    /// The same time, going on from now rather than from when it was read.
    var resumed: PausableWatch { PausableWatch(before: before) }

    init(from decoder: any Decoder) throws {
        self.init(before: try decoder.singleValueContainer().decode(Double.self))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(seconds)
    }
}

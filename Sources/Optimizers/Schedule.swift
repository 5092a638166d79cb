/// How the learning rate moves, as a factor of the base rate.
public struct Schedule: Hashable, Sendable, Codable {
    /// The shape of the curve after warm-up.
    public enum Decay: Hashable, Sendable, Codable {
        case constant
        /// Multiplied by `factor` after every `every` epochs.
        case step(every: Int, factor: Double)
        /// Multiplied by `factor` at each milestone (an epoch number).
        case milestones([Int], factor: Double)
        /// Half a cosine from 1 to `final` over the run.
        case cosine(final: Double)
    }

    /// The names a spec may use.
    public enum Name: String, Sendable, Codable, CaseIterable {
        case constant
        case step
        case milestones
        case cosine
    }

    public let decay: Decay
    /// Epochs of linear warm-up at the start; 0 for none.
    public let warmUpEpochs: Double
    /// The factor that warm-up starts from.
    public let warmUpStart: Double

    public init(_ decay: Decay, warmUpEpochs: Double = 0, warmUpStart: Double = 0) {
        self.decay = decay
        self.warmUpEpochs = warmUpEpochs
        self.warmUpStart = warmUpStart
    }
}

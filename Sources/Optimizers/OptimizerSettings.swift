/// An optimizer with its constants, as a spec gives them.
public struct OptimizerSettings: Hashable, Sendable, Codable {
    public let name: OptimizerName
    /// The base rate η > 0, which the schedule multiplies.
    public let learningRate: Double
    /// μ in [0, 1): the share of the last update that is kept.
    public let momentum: Double
    /// The share of the gradient that momentum leaves out, in [0, 1).
    public let dampening: Double
    /// λ ≥ 0: the L2 term λ·w that is added to the gradient.
    public let weightDecay: Double
    /// Whether the update looks ahead by one momentum step.
    public let nesterov: Bool

    public init(
        name: OptimizerName = .sgd, learningRate: Double, momentum: Double = 0,
        dampening: Double = 0, weightDecay: Double = 0, nesterov: Bool = false
    ) {
        self.name = name
        self.learningRate = learningRate
        self.momentum = momentum
        self.dampening = dampening
        self.weightDecay = weightDecay
        self.nesterov = nesterov
    }
}

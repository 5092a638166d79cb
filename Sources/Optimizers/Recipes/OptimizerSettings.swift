import Graphs

/// An optimizer with its constants, as a spec gives them. What a spec leaves out has the value that
/// the convention defines; constants without effect have a neutral one, and conventions that define
/// the same rule are one: equal rules are equal settings.
public struct OptimizerSettings: Hashable, Sendable, Codable {
    public let name: OptimizerName
    public let convention: OptimizerConvention
    /// The base rate η > 0, which the schedule multiplies.
    public let learningRate: Double
    /// μ in [0, 1): the share of the last update that is kept.
    public let momentum: Double
    /// The share of the gradient that momentum leaves out, in [0, 1).
    public let dampening: Double
    /// λ ≥ 0: the factor of the decay term λ·w.
    public let weightDecay: Double
    /// Whether the update looks ahead by one momentum step.
    public let nesterov: Bool
    /// β₁ and β₂ in [0, 1): what the moments keep.
    public let betas: Betas
    /// ε > 0, which keeps denominators from zero.
    public let epsilon: Double
    /// ρ in [0, 1): what RMSprop's average keeps.
    public let rho: Double
    /// AMSGrad: whether the largest second moment so far takes the place of the current one.
    public let amsgrad: Bool
    /// Whether RMSprop subtracts the squared mean from its average.
    public let centered: Bool
    /// What Adagrad's sums start from.
    public let initialAccumulator: Double
    /// δ ≥ 0: Adagrad's rate is divided by 1 + (t − 1)·δ.
    public let learningRateDecay: Double
    /// The updates between two meetings with Lookahead's slow weights; 0 for none.
    public let lookahead: Int
    /// The share of the way that slow weights move, in (0, 1].
    public let lookaheadShare: Double
    /// The norm that all gradients together are clipped to; 0 for none.
    public let clipNorm: Double

    public init(
        name: OptimizerName = .sgd, convention: OptimizerConvention? = nil, learningRate: Double,
        momentum: Double = 0, dampening: Double = 0, weightDecay: Double? = nil,
        nesterov: Bool = false, betas: Betas? = nil, epsilon: Double? = nil,
        rho: Double? = nil, amsgrad: Bool = false, centered: Bool = false,
        initialAccumulator: Double? = nil, learningRateDecay: Double = 0, lookahead: Int? = nil,
        lookaheadShare: Double? = nil, clipNorm: Double = 0
    ) {
        let given = convention ?? name.conventions[0]
        let standard = OptimizerDefaults(name, given)
        self.name = name
        self.lookahead = lookahead ?? standard.lookahead
        self.convention = name.sameRule(as: given, lookahead: self.lookahead)
        self.learningRate = learningRate
        self.momentum = momentum
        self.dampening = momentum == 0 ? 0 : dampening
        self.weightDecay = weightDecay ?? standard.weightDecay
        self.nesterov = nesterov
        self.betas = betas ?? standard.betas
        self.epsilon = epsilon ?? standard.epsilon
        self.rho = rho ?? standard.rho
        self.amsgrad = amsgrad
        self.centered = centered
        self.initialAccumulator = initialAccumulator ?? standard.initialAccumulator
        self.learningRateDecay = learningRateDecay
        self.lookaheadShare =
            self.lookahead == 0
            ? OptimizerDefaults.lookaheadShare : lookaheadShare ?? OptimizerDefaults.lookaheadShare
        self.clipNorm = clipNorm
    }

    /// The same with another decay.
    func with(weightDecay: Double) -> OptimizerSettings {
        OptimizerSettings(
            name: name, convention: convention, learningRate: learningRate, momentum: momentum,
            dampening: dampening, weightDecay: weightDecay, nesterov: nesterov, betas: betas,
            epsilon: epsilon, rho: rho, amsgrad: amsgrad, centered: centered,
            initialAccumulator: initialAccumulator, learningRateDecay: learningRateDecay,
            lookahead: lookahead, lookaheadShare: lookaheadShare, clipNorm: clipNorm)
    }
}

/// What Adam's two moments keep.
public struct Betas: Hashable, Sendable, Codable {
    public let first: Double
    public let second: Double

    public init(_ first: Double, _ second: Double) {
        self.first = first
        self.second = second
    }

    var decays: StepCoefficient.Decays { StepCoefficient.Decays(first, second) }
}

extension OptimizerSettings {
    /// The conventions that define this rule.
    public var conventions: [OptimizerConvention] {
        name.conventions.filter { name.sameRule(as: $0, lookahead: lookahead) == convention }
    }
}

extension OptimizerName {
    /// The first convention that defines the same rule.
    fileprivate func sameRule(as convention: OptimizerConvention, lookahead: Int)
        -> OptimizerConvention
    {
        switch (self, convention) {
        case (.sgd, .reference), (.adam, .reference), (.adagrad, .reference): .torch
        // Its Lookahead starts later than others.
        case (.sgd, .referenceAdvanced), (.adam, .referenceAdvanced):
            lookahead == 0 ? .torch : convention
        case (.sgd, _), (.sgdw, _), (.adam, _), (.adamw, _), (.adagrad, _), (.rmsprop, _),
            (.radam, _), (.ranger, _):
            convention
        }
    }
}

/// What holds where a spec says nothing: the defaults of the named framework or code.
///
/// *Reference:* reference §1.2 and §2; `torch.optim` 2.13; Keras 3.
public struct OptimizerDefaults: Hashable, Sendable {
    public let weightDecay: Double
    public let betas: Betas
    public let epsilon: Double
    public let rho: Double
    public let initialAccumulator: Double
    public let lookahead: Int

    public static let lookaheadShare = 0.5

    public init(_ name: OptimizerName, _ convention: OptimizerConvention) {
        weightDecay = Self.weightDecay(name, convention)
        betas = Betas(name == .ranger ? 0.95 : 0.9, 0.999)
        epsilon = Self.epsilon(name, convention)
        rho = convention == .keras ? 0.9 : 0.99
        initialAccumulator = name == .adagrad && convention == .keras ? 0.1 : 0
        lookahead = name == .ranger ? 6 : 0
    }

    private static func weightDecay(_ name: OptimizerName, _ convention: OptimizerConvention)
        -> Double
    {
        guard name == .adamw else { return 0 }
        return switch convention {
        case .torch, .referenceAdvanced: 0.01
        case .keras: 0.004
        case .reference: 0
        }
    }

    private static func epsilon(_ name: OptimizerName, _ convention: OptimizerConvention)
        -> Double
    {
        if convention == .keras { return 1e-7 }
        return switch name {
        case .sgd, .sgdw, .adam, .adamw, .rmsprop, .radam: 1e-8
        case .adagrad: 1e-10
        case .ranger: 1e-5
        }
    }
}

extension OptimizerSettings {
    /// What the constants would be if nothing were said.
    public var standard: OptimizerDefaults { OptimizerDefaults(name, convention) }

    /// Equal for optimizers whose chains have the same ingredients: what a plan depends on.
    public var shape: OptimizerSettings {
        func presence(_ constant: Double) -> Double { constant == 0 ? 0 : 0.5 }
        return OptimizerSettings(
            name: name, convention: convention, learningRate: 1, momentum: presence(momentum),
            dampening: presence(dampening), weightDecay: presence(weightDecay),
            nesterov: nesterov, amsgrad: amsgrad, centered: centered,
            learningRateDecay: presence(learningRateDecay), lookahead: min(lookahead, 1),
            clipNorm: presence(clipNorm))
    }
}

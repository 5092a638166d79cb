import Optimizers
import Testing

/// An optimizer as `Tests/Goldens/optimizers.py` trained it.
struct GoldenOptimizer: Sendable, CustomTestStringConvertible {
    /// The case's name in the file.
    let name: String
    let settings: OptimizerSettings
    let mode: GradientCentralizationMode

    var testDescription: String { name }

    var recipe: Recipe { Recipe(settings, mode) }

    /// Every optimizer in every convention and mode, with decay 0.01.
    static func all(_ kind: String) -> [GoldenOptimizer] {
        OptimizerName.allCases.flatMap { name in
            name.conventions.flatMap { convention in
                name.modes.map { mode in
                    GoldenOptimizer(
                        name: "\(kind)/\(name.rawValue)/\(convention.rawValue)/\(mode.rawValue)",
                        settings: settings(name, convention), mode: mode)
                }
            }
        }
    }

    private static func settings(_ name: OptimizerName, _ convention: OptimizerConvention)
        -> OptimizerSettings
    {
        OptimizerSettings(
            name: name, convention: convention, learningRate: rate(of: name),
            momentum: name == .sgd || name == .sgdw ? 0.9 : 0, weightDecay: 0.01)
    }

    private static func rate(of name: OptimizerName) -> Double {
        switch name {
        case .sgd, .sgdw, .adagrad: 0.1
        case .adam, .adamw, .rmsprop, .radam, .ranger: 0.01
        }
    }

    /// Other constants, on given gradients.
    static let variants: [GoldenOptimizer] = [
        variant("sgd nesterov", .sgd, momentum: 0.9, nesterov: true),
        variant("sgd dampened", .sgd, momentum: 0.9, dampening: 0.3),
        variant("sgd plain", .sgd),
        variant("sgd keras nesterov", .sgd, .keras, momentum: 0.9, nesterov: true),
        variant("adam amsgrad", .adam, amsgrad: true),
        variant("adam keras amsgrad", .adam, .keras, amsgrad: true),
        variant("adamw amsgrad", .adamw, amsgrad: true),
        variant("adamw reference amsgrad", .adamw, .reference, amsgrad: true),
        variant("adam betas", .adam, betas: Betas(0.8, 0.95), epsilon: 1e-3),
        variant("adagrad slowing", .adagrad, initialAccumulator: 0.2, learningRateDecay: 0.1),
        variant("rmsprop centered", .rmsprop, momentum: 0.5, rho: 0.9, centered: true),
        variant("rmsprop keras centered", .rmsprop, .keras, momentum: 0.5, centered: true),
        variant("radam betas", .radam, betas: Betas(0.8, 0.9)),
        variant("lookahead sgd", .sgd, momentum: 0.9, lookahead: 5),
        variant("lookahead adam gc2", .adam, mode: .gc2, lookahead: 5),
        variant("late lookahead sgd", .sgd, .referenceAdvanced, momentum: 0.9, lookahead: 5),
        variant("clipped sgd none", .sgd, momentum: 0.9, clipNorm: 1.5),
        variant("clipped sgd gc", .sgd, mode: .gc, momentum: 0.9, clipNorm: 1.5),
    ]

    private static func variant(
        _ name: String, _ optimizer: OptimizerName, _ convention: OptimizerConvention? = nil,
        mode: GradientCentralizationMode = .none, momentum: Double = 0, dampening: Double = 0,
        nesterov: Bool = false, betas: Betas? = nil, epsilon: Double? = nil, rho: Double? = nil,
        amsgrad: Bool = false, centered: Bool = false, initialAccumulator: Double? = nil,
        learningRateDecay: Double = 0, lookahead: Int? = nil, clipNorm: Double = 0
    ) -> GoldenOptimizer {
        GoldenOptimizer(
            name: "variant/\(name)",
            settings: OptimizerSettings(
                name: optimizer, convention: convention, learningRate: rate(of: optimizer),
                momentum: momentum, dampening: dampening, weightDecay: 0.01, nesterov: nesterov,
                betas: betas, epsilon: epsilon, rho: rho, amsgrad: amsgrad, centered: centered,
                initialAccumulator: initialAccumulator, learningRateDecay: learningRateDecay,
                lookahead: lookahead, clipNorm: clipNorm), mode: mode)
    }
}

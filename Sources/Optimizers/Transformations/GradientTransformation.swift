public import Graphs

/// The ingredients of optimizers. An optimizer is a chain of them: plain data that can be stored,
/// hashed, printed and compared. Each turns u, the direction so far (the gradient at first), into
/// the next one; at the end w ← w − u. Below, t is the number of the update, from 1.
///
/// *Reference:* the official order of statements, reference §1.2; `optax` for the idea.
public indirect enum GradientTransformation: Hashable, Sendable, Codable {
    /// One after the other.
    case chain([GradientTransformation])
    /// u · min(1, c/‖g‖), the norm of all gradients together; first in a chain.
    case clipByGlobalNorm(Double)
    /// u + λ·w
    case addDecayedWeights(Double)
    /// u minus the mean of each output slice over its fan-in.
    case centralize(CentralizationScope)
    /// Momentum.
    case trace(Momentum)
    /// The corrected first moment over the root of the corrected second one.
    case scaleByAdam(Moments)
    /// The same before the correction that applies to the ratio as a whole.
    case momentRatio(Moments)
    /// That correction, for what may have been added to the ratio.
    case correctBias(Moments)
    /// The ratio of moments where RAdam trusts the second one, else the first moment.
    case rectifiedRatio(Moments)
    /// RAdam's step size.
    case rectify(Moments)
    /// u over the root of the sum of all its squares.
    case scaleByRootSumSquares(SquareSum)
    /// u over the root of a moving average of its squares.
    case scaleByRMS(SquareAverage)
    /// u / (1 + (t − 1)·δ)
    case decayRate(Double)
    /// η·u
    case scaleByLearningRate(LearningRate)
    /// u + η·λ·w, once u carries the rate.
    case decayWeights(Double, LearningRate)
}

/// What u is multiplied by.
public enum LearningRate: Hashable, Sendable, Codable {
    /// The scheduled rate, times a factor.
    case scheduled(factor: Double)
    /// A rate of its own that follows no schedule.
    case constant(Double)
}

/// m ← μ·m + (1 − dampening)·u (m = u at the first step); u ← m, or u + μ·m with Nesterov.
public struct Momentum: Hashable, Sendable, Codable {
    public let momentum: Double
    public let dampening: Double
    public let isNesterov: Bool

    public init(momentum: Double, dampening: Double = 0, isNesterov: Bool = false) {
        self.momentum = momentum
        self.dampening = dampening
        self.isNesterov = isNesterov
    }
}

/// Adam's moments: m ← β₁·m + (1 − β₁)·u, v ← β₂·v + (1 − β₂)·u².
public struct Moments: Hashable, Sendable, Codable {
    /// What the ratio of the moments is, and what corrects it.
    public enum Correction: String, Hashable, Sendable, Codable {
        /// m / (√(v/(1 − β₂ᵗ)) + ε), over 1 − β₁ᵗ as a whole.
        case withinRoot
        /// m / (√v + ε), times √(1 − β₂ᵗ)/(1 − β₁ᵗ) as a whole ("ε̂" form).
        case asWhole
    }

    public let decays: StepCoefficient.Decays
    public let epsilon: Double
    public let correction: Correction
    /// AMSGrad: the largest v so far takes the place of v.
    public let usesMaximum: Bool
    /// RAdam: whether an average of length 5 itself is trusted.
    public let includesThreshold: Bool

    public init(
        decays: StepCoefficient.Decays, epsilon: Double, correction: Correction,
        usesMaximum: Bool = false, includesThreshold: Bool = false
    ) {
        self.decays = decays
        self.epsilon = epsilon
        self.correction = correction
        self.usesMaximum = usesMaximum
        self.includesThreshold = includesThreshold
    }
}

/// Adagrad's s ← s + u², from `start`; u ← u/(√s + ε), or u/√(s + ε).
public struct SquareSum: Hashable, Sendable, Codable {
    public let start: Double
    public let epsilon: Double
    public let isEpsilonInside: Bool

    public init(start: Double, epsilon: Double, isEpsilonInside: Bool) {
        self.start = start
        self.epsilon = epsilon
        self.isEpsilonInside = isEpsilonInside
    }
}

/// RMSprop's v ← ρ·v + (1 − ρ)·u²; u ← u/(√v + ε), or u/√(v + ε). Centered, v − m² takes the
/// place of v, with m ← ρ·m + (1 − ρ)·u.
public struct SquareAverage: Hashable, Sendable, Codable {
    public let decay: Double
    public let epsilon: Double
    public let isEpsilonInside: Bool
    public let isCentered: Bool

    public init(decay: Double, epsilon: Double, isEpsilonInside: Bool, isCentered: Bool) {
        self.decay = decay
        self.epsilon = epsilon
        self.isEpsilonInside = isEpsilonInside
        self.isCentered = isCentered
    }
}

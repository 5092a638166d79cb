import Foundation
public import Tensors

/// A number that depends on the step and nothing else, so that one plan serves every step.
///
/// Operand: the number of updates done before, `[]`. Result: `[]`. Below, t is the number of this
/// update, from 1. Evaluated in double precision.
public enum StepCoefficient: OperationRule, Codable {
    /// 1 at the first step, then `later`.
    case afterFirst(later: Double)
    /// 1 / (1 − βᵗ)
    case correction(decay: Double)
    /// 1 / √(1 − βᵗ)
    case rootCorrection(decay: Double)
    /// √(1 − β₂ᵗ) / (1 − β₁ᵗ)
    case correctionRatio(Decays)
    /// 1 / (1 + (t − 1)·δ)
    case inverseTime(decay: Double)
    /// RAdam's numbers.
    case rectification(Rectification, Rectification.Part)
    /// Lookahead's numbers.
    case lookahead(Lookahead, Lookahead.Part)

    /// The decays of the first and the second moment, β₁ and β₂.
    public struct Decays: Hashable, Sendable, Codable {
        public let first: Double
        public let second: Double

        public init(_ first: Double, _ second: Double) {
            self.first = first
            self.second = second
        }
    }

    public var name: String { "step coefficient" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        try expect(operands[0].shape == .scalar, "\(operands[0]) is no step number")
        return operands
    }

    /// The number for the update after `step` others.
    public func value(atStep step: Double) -> Double {
        let t = step + 1
        switch self {
        case .afterFirst(let later): return step == 0 ? 1 : later
        case .correction(let decay): return 1 / (1 - pow(decay, t))
        case .rootCorrection(let decay): return 1 / (1 - pow(decay, t)).squareRoot()
        case .correctionRatio(let decays):
            return (1 - pow(decays.second, t)).squareRoot() / (1 - pow(decays.first, t))
        case .inverseTime(let decay): return 1 / (1 + step * decay)
        case .rectification(let rectification, let part): return rectification.value(part, at: t)
        case .lookahead(let lookahead, let part): return lookahead.value(part, at: t)
        }
    }
}

/// RAdam: the length of the average behind the second moment decides whether it is used.
///
///   ρ∞ = 2/(1 − β₂) − 1;  ρ = ρ∞ − 2·t·β₂ᵗ/(1 − β₂ᵗ)
///   r = √((ρ − 4)(ρ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ))
///
/// *Reference:* Liu et al., "On the variance of the adaptive learning rate and beyond", 2020.
public struct Rectification: Hashable, Sendable, Codable {
    public enum Part: String, Hashable, Sendable, Codable {
        /// 1 where the second moment is used, else 0.
        case isAdaptive
        /// The complement.
        case isPlain
        /// r·√(1 − β₂ᵗ)/(1 − β₁ᵗ) where it is used, else 1/(1 − β₁ᵗ).
        case stepSize
    }

    public let decays: StepCoefficient.Decays
    /// Whether ρ = 5 itself is long enough.
    public let includesThreshold: Bool

    public init(decays: StepCoefficient.Decays, includesThreshold: Bool) {
        self.decays = decays
        self.includesThreshold = includesThreshold
    }

    func value(_ part: Part, at t: Double) -> Double {
        let power = pow(decays.second, t)
        let limit = 2 / (1 - decays.second) - 1
        let length = limit - 2 * t * power / (1 - power)
        let isAdaptive = includesThreshold ? length >= 5 : length > 5
        switch part {
        case .isAdaptive: return isAdaptive ? 1 : 0
        case .isPlain: return isAdaptive ? 0 : 1
        case .stepSize:
            let correction = 1 / (1 - pow(decays.first, t))
            guard isAdaptive else { return correction }
            let variance =
                (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)
            return (variance * (1 - power)).squareRoot() * correction
        }
    }
}

/// Lookahead: every `period` updates the slow weights move the share `share` towards the fast
/// ones, which then start from them.
///
/// *Reference:* Zhang et al., "Lookahead optimizer: k steps forward, 1 step back", 2019.
public struct Lookahead: Hashable, Sendable, Codable {
    /// Where the slow weights come from, and so when they are met.
    public enum Start: String, Hashable, Sendable, Codable {
        /// The weights before the first update; met at updates k, 2k, …
        case beforeFirst
        /// The weights after the first update; met at updates 1, 1 + k, …
        case afterFirst
    }

    public enum Part: String, Hashable, Sendable, Codable {
        /// What the new slow weights keep of the old ones.
        case keptSlow
        /// What they take of the weights before this update.
        case oldWeight
        /// What they take of the weights after it.
        case newWeight
        /// 1 where the slow weights change, else 0.
        case isMoving
        /// 1 where the weights become the slow ones, else 0.
        case isMeeting
        /// The complement.
        case isApart
    }

    public let period: Int
    public let share: Double
    public let start: Start

    public init(period: Int, share: Double, start: Start = .beforeFirst) {
        self.period = period
        self.share = share
        self.start = start
    }

    func value(_ part: Part, at t: Double) -> Double {
        let isFirst = t == 1
        let phase = start == .beforeFirst ? t : t - 1
        let isMeeting = phase.truncatingRemainder(dividingBy: Double(period)) == 0
        let moved = isMeeting ? share : 0
        return switch part {
        case .keptSlow: isFirst ? 0 : 1 - moved
        case .oldWeight: isFirst && start == .beforeFirst ? 1 - moved : 0
        case .newWeight: isFirst && start == .afterFirst ? 1 : moved
        case .isMoving: isFirst || isMeeting ? 1 : 0
        case .isMeeting: isMeeting ? 1 : 0
        case .isApart: isMeeting ? 0 : 1
        }
    }
}

/// How the learning rate moves, as a factor of the base rate: a pure function of progress.
public struct Schedule: Hashable, Sendable, Codable {
    /// The shape of the curve after warm-up; x in [0, 1) is the share of the run that is done.
    public enum Decay: Hashable, Sendable, Codable {
        case constant
        /// Multiplied by `factor` after every `every` units.
        case step(every: Int, factor: Double)
        /// Multiplied by `factor` at each milestone, counted in units.
        case milestones([Int], factor: Double)
        /// Half a cosine from 1 to `final`: final + (1 − final)·(1 + cos πx)/2.
        case cosine(final: Double)
        /// final + (1 − final)·(1 − x)^power
        case polynomial(power: Double, final: Double)
        /// Half a cosine from `start` up to 1 over the share `rise` of the run, then one down to
        /// `final`.
        ///
        /// *Reference:* Smith, "Super-convergence"; `torch.optim.lr_scheduler.OneCycleLR`.
        case oneCycle(rise: Double, start: Double, final: Double)
    }

    /// The names a spec may use.
    public enum Name: String, Sendable, Codable, CaseIterable {
        case constant
        case step
        case milestones
        case cosine
        case polynomial
        case oneCycle = "one_cycle"

        /// What the curve moves with unless a spec says otherwise: steps come at whole epochs, as
        /// in the published scripts; smooth curves move with every iteration.
        public var unit: Unit {
            switch self {
            case .constant, .step, .milestones: .epoch
            case .cosine, .polynomial, .oneCycle: .iteration
            }
        }
    }

    /// What the curve moves with, and what its constants count.
    public enum Unit: String, Hashable, Sendable, Codable, CaseIterable {
        case epoch
        case iteration
    }

    /// Linear warm-up, which multiplies the curve: from `start` to 1.
    public struct WarmUp: Hashable, Sendable, Codable {
        public let length: Double
        /// What `length` counts.
        public let unit: Unit
        /// The factor that it starts from.
        public let start: Double
        /// What it moves with.
        public let pace: Unit

        public init(
            _ length: Double, _ unit: Unit = .epoch, start: Double = 0, per pace: Unit = .iteration
        ) {
            self.length = length
            self.unit = unit
            self.start = start
            self.pace = pace
        }
    }

    public let decay: Decay
    public let unit: Unit
    /// nil for none.
    public let warmUp: WarmUp?

    /// - Parameter unit: what fits the curve by default.
    public init(_ decay: Decay, per unit: Unit? = nil, warmUp: WarmUp? = nil) {
        self.decay = decay
        self.unit = unit ?? decay.name.unit
        self.warmUp = warmUp
    }
}

extension Schedule.Decay {
    public var name: Schedule.Name {
        switch self {
        case .constant: .constant
        case .step: .step
        case .milestones: .milestones
        case .cosine: .cosine
        case .polynomial: .polynomial
        case .oneCycle: .oneCycle
        }
    }
}

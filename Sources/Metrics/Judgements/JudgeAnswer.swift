/// What `judge` writes. Keys without a value are null, never missing.
public struct JudgeAnswer: Hashable, Sendable, Encodable {
    public let cells: [Cell]

    public struct Cell: Hashable, Sendable {
        public let effect: EffectJudgement
        /// The control arm against its published figure; nil where there is none.
        public let off: ValueJudgement?
        /// The GC arm against its published figure; nil where there is none.
        public let on: ValueJudgement?
    }
}

extension JudgeAnswer.Cell: Encodable {
    private enum CodingKeys: String, CodingKey {
        case effect
        case off = "value_off"
        case on = "value_on"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(effect, forKey: .effect)
        try container.encode(off, forKey: .off)
        try container.encode(on, forKey: .on)
    }
}

extension EffectVerdict {
    /// The word that stands in reports and JSON.
    public var name: String {
        switch self {
        case .helps: "helps"
        case .hurts: "hurts"
        case .equivalent: "equivalent"
        case .inconclusive: "inconclusive"
        }
    }

    /// How many paired seeds would settle it; nil when it is settled, or when it cannot be said.
    public var seedsNeeded: Int? {
        switch self {
        case .helps, .hurts, .equivalent: nil
        case .inconclusive(let seedsNeeded): seedsNeeded
        }
    }
}

extension EffectJudgement: Encodable {
    private enum CodingKeys: String, CodingKey {
        case mean, interval, p, verdict
        case count = "n"
        case divergedOff = "diverged_off"
        case divergedOn = "diverged_on"
        case standardDeviation = "std"
        case holmP = "p_holm"
        case smallestP = "smallest_p"
        case equivalenceP = "equivalence_p"
        case seedsNeeded = "seeds_needed"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(count, forKey: .count)
        try container.encode(divergedOff, forKey: .divergedOff)
        try container.encode(divergedOn, forKey: .divergedOn)
        try container.encode(mean, forKey: .mean)
        try container.encode(standardDeviation, forKey: .standardDeviation)
        try container.encode(interval, forKey: .interval)
        try container.encode(p, forKey: .p)
        try container.encode(holmP, forKey: .holmP)
        try container.encode(smallestP, forKey: .smallestP)
        try container.encode(equivalenceP, forKey: .equivalenceP)
        try container.encode(verdict.name, forKey: .verdict)
        try container.encode(verdict.seedsNeeded, forKey: .seedsNeeded)
    }
}

extension ValueJudgement: Encodable {
    private enum CodingKeys: String, CodingKey {
        case kind, interval, verdict
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        try container.encode(interval, forKey: .interval)
        try container.encode(verdict, forKey: .verdict)
    }
}

/// Written as `[low, high]`.
extension Interval: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(low)
        try container.encode(high)
    }
}

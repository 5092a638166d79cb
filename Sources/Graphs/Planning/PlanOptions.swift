/// How a graph is planned.
public struct PlanOptions: Hashable, Sendable {
    /// Whether values may take each other's memory once it is free.
    public enum Sharing: Hashable, Sendable {
        case enabled
        /// Every value has memory of its own: slower, larger, and bit-identical.
        case disabled
    }

    public let sharing: Sharing
    /// Whether chains of operations become single instructions.
    public let fuses: Bool
    /// Scope paths whose values can be read after a step; they are kept whole and apart.
    public let observed: [String]
    /// Whether inputs are still there after a step, so that they need not be written again.
    public let keepsInputs: Bool

    public init(
        sharing: Sharing = .enabled, fuses: Bool = true, observed: [String] = [],
        keepsInputs: Bool = false
    ) {
        self.sharing = sharing
        self.fuses = fuses
        self.observed = observed
        self.keepsInputs = keepsInputs
    }
}

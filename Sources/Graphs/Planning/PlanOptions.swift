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

    public init(sharing: Sharing = .enabled, fuses: Bool = true, observed: [String] = []) {
        self.sharing = sharing
        self.fuses = fuses
        self.observed = observed
    }
}

public import Tensors

/// The number formats of a plan.
public enum Precision: String, Hashable, Sendable, Codable, CaseIterable {
    case float32
    /// Activations, their gradients and weight copies in bfloat16; master weights, statistics,
    /// losses and optimizer state in float32.
    case bfloat16
    /// The reference backend only: the oracle for everything else.
    case float64

    /// The format of activations and their gradients.
    public var activations: ScalarType {
        switch self {
        case .float32: .float32
        case .bfloat16: .bfloat16
        case .float64: .float64
        }
    }

    /// The format of weights, statistics, losses and optimizer state.
    public var master: ScalarType { self == .float64 ? .float64 : .float32 }
}

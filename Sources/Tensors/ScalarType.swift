/// The number formats a tensor can hold.
public enum ScalarType: String, Hashable, Sendable, Codable, CaseIterable {
    /// Single precision: the format of weights, statistics and losses.
    case float32
    /// The upper half of a float32: activations and gradients of a `bfloat16` plan.
    case bfloat16
    /// Double precision: the reference backend only, the oracle for everything else.
    case float64
    /// Class labels and counts.
    case int64
    /// Counts and pooling positions on a device.
    case int32
    /// Pixels.
    case uint8

    public var byteCount: Int {
        switch self {
        case .float64, .int64: 8
        case .float32, .int32: 4
        case .bfloat16: 2
        case .uint8: 1
        }
    }
}

/// What a tensor is: its shape and the format of its elements.
public struct TensorSpec: Hashable, Sendable, Codable, CustomStringConvertible {
    public let shape: Shape
    public let scalarType: ScalarType

    public init(_ shape: Shape, _ scalarType: ScalarType) {
        self.shape = shape
        self.scalarType = scalarType
    }

    /// The bytes of the tensor when stored densely.
    public var byteCount: Int { shape.count * scalarType.byteCount }

    public var description: String { "\(scalarType.rawValue)\(shape)" }
}

/// A tensor in the program's own memory, stored densely in logical (row-major) order.
///
/// It carries weights, batches and results between files, tests and backends; nothing is computed
/// with it.
public struct HostTensor: Hashable, Sendable {
    public let spec: TensorSpec
    /// The elements, row-major, little-endian; `spec.byteCount` bytes.
    public let bytes: [UInt8]

    public var shape: Shape { spec.shape }
    public var scalarType: ScalarType { spec.scalarType }

    public init(spec: TensorSpec, bytes: [UInt8]) {
        precondition(bytes.count == spec.byteCount, "\(spec) takes \(spec.byteCount) bytes")
        self.spec = spec
        self.bytes = bytes
    }

    /// A tensor of the given elements; their number must be `shape.count`.
    public init<Element: HostScalar>(_ values: [Element], shape: Shape) {
        precondition(values.count == shape.count, "\(shape) takes \(shape.count) elements")
        self.spec = TensorSpec(shape, Element.scalarType)
        self.bytes = values.withUnsafeBytes { Array($0) }
    }

    public init(zeros spec: TensorSpec) {
        self.init(spec: spec, bytes: Array(repeating: 0, count: spec.byteCount))
    }

    /// The elements as they are stored; `Element` must be the tensor's own format.
    public func values<Element: HostScalar>(as type: Element.Type = Element.self) -> [Element] {
        precondition(Element.scalarType == scalarType, "\(spec) does not hold \(Element.self)")
        return Array(unsafeUninitializedCapacity: shape.count) { buffer, count in
            bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
            count = shape.count
        }
    }

    /// The elements widened to double precision, whatever their format.
    public func doubles() -> [Double] {
        switch scalarType {
        case .float32: values(as: Float.self).map(Double.init)
        case .float64: values(as: Double.self)
        case .bfloat16: values(as: BFloat16.self).map { Double($0.float) }
        case .int64: values(as: Int64.self).map(Double.init)
        case .int32: values(as: Int32.self).map(Double.init)
        case .uint8: bytes.map(Double.init)
        }
    }

    /// The same numbers in another format, rounded to nearest (integers: truncated).
    public func converted(to target: ScalarType) -> HostTensor {
        if target == scalarType { return self }
        let numbers = doubles()
        switch target {
        case .float32: return HostTensor(numbers.map { Float($0) }, shape: shape)
        case .float64: return HostTensor(numbers, shape: shape)
        case .bfloat16: return HostTensor(numbers.map { BFloat16(Float($0)) }, shape: shape)
        case .int64: return HostTensor(numbers.map { Int64($0) }, shape: shape)
        case .int32: return HostTensor(numbers.map { Int32($0) }, shape: shape)
        case .uint8: return HostTensor(numbers.map { UInt8($0) }, shape: shape)
        }
    }
}

/// A Swift type that is the element of a tensor.
public protocol HostScalar: BitwiseCopyable, Sendable {
    static var scalarType: ScalarType { get }
}

extension Float: HostScalar { public static var scalarType: ScalarType { .float32 } }
extension Double: HostScalar { public static var scalarType: ScalarType { .float64 } }
extension Int64: HostScalar { public static var scalarType: ScalarType { .int64 } }
extension Int32: HostScalar { public static var scalarType: ScalarType { .int32 } }
extension UInt8: HostScalar { public static var scalarType: ScalarType { .uint8 } }

/// The upper half of a float32, rounded to nearest, ties to even.
public struct BFloat16: HostScalar, Hashable {
    public let bitPattern: UInt16

    public static var scalarType: ScalarType { .bfloat16 }

    public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

    public init(_ value: Float) {
        if value.isNaN {
            bitPattern = 0x7FC0
            return
        }
        let bits = value.bitPattern
        bitPattern = UInt16((bits &+ 0x7FFF &+ ((bits >> 16) & 1)) >> 16)
    }

    public var float: Float { Float(bitPattern: UInt32(bitPattern) << 16) }
}

public import Graphs
public import Tensors

/// The number formats of the reference backend.
public protocol ReferenceScalar: HostScalar, BinaryFloatingPoint, SIMDScalar, Codable {
    /// The same number; sums over many numbers are taken in double precision.
    var double: Double { get }

    /// An instruction on numbers of this format, ready to run.
    static func kernel(for instruction: Instruction, in arena: HostArena) -> () -> Void
}

// One line per format, here and not in a protocol extension, so that the compiler makes a
// specialized copy of every loop for each.
extension Float: ReferenceScalar {
    public var double: Double { Double(self) }

    public static func kernel(for instruction: Instruction, in arena: HostArena) -> () -> Void {
        Site<Float>(instruction: instruction, arena: arena).kernel()
    }
}

extension Double: ReferenceScalar {
    public var double: Double { self }

    public static func kernel(for instruction: Instruction, in arena: HostArena) -> () -> Void {
        Site<Double>(instruction: instruction, arena: arena).kernel()
    }
}

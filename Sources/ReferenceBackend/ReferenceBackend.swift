public import Graphs
import Tensors

/// The readable definition of every operation: the oracle of all other backends.
///
/// It runs plans of ``ReferenceTarget`` (row-major throughout) in `Float` or `Double`. In `Float` it
/// also runs bfloat16 plans, whose activations are rounded after every operation. Work is shared out over planes or images, never over
/// the terms of a sum, so results do not depend on the number of threads.
public struct ReferenceBackend<Scalar: ReferenceScalar>: Backend, ~Copyable {
    /// A closure over pointers into the arena, which it keeps alive.
    public typealias Kernel = () -> Void

    private var arena: HostArena?
    private let wide = WideMemory<Scalar>()

    public init() {}

    public var name: String { "reference" }

    public mutating func allocateArena(byteCount: Int) throws(BackendError) {
        arena = try HostArena(byteCount: byteCount)
    }

    public mutating func prepare(_ instruction: Instruction) throws(BackendError) -> Kernel {
        let arena = try allocatedArena("prepare \(instruction.operation.rule.name)")
        try checkFormats(of: instruction)
        let kernel =
            instruction.hasNarrowNumbers
            ? try wide.kernel(for: instruction, in: arena)
            : Scalar.kernel(for: instruction, in: arena)
        return { withExtendedLifetime(arena) { kernel() } }
    }

    public func run(_ kernel: Kernel) { kernel() }

    public func upload(_ bytes: UnsafeRawBufferPointer, to offset: Int) throws(BackendError) {
        guard let source = bytes.baseAddress else { return }
        try range(offset, bytes.count, "upload").copyMemory(from: source, byteCount: bytes.count)
    }

    public func download(_ bytes: UnsafeMutableRawBufferPointer, from offset: Int)
        throws(BackendError)
    {
        guard let target = bytes.baseAddress else { return }
        target.copyMemory(
            from: try range(offset, bytes.count, "download"), byteCount: bytes.count)
    }

    /// Nothing runs after `run` returns.
    public func synchronize() {}

    // MARK: - Checks

    private func allocatedArena(_ action: String) throws(BackendError) -> HostArena {
        guard let arena else { throw failure(action, "no arena was allocated") }
        return arena
    }

    private func range(_ offset: Int, _ count: Int, _ action: String) throws(BackendError)
        -> UnsafeMutableRawPointer
    {
        let arena = try allocatedArena(action)
        guard offset >= 0, offset + count <= arena.byteCount else {
            throw failure(action, "bytes \(offset)..<\(offset + count) are outside the arena")
        }
        return arena.base + offset
    }

    private func checkFormats(of instruction: Instruction) throws(BackendError) {
        let action = "prepare \(instruction.operation.rule.name)"
        for region in instruction.operands + instruction.results {
            _ = try range(region.offset, region.byteCount, action)
            switch region.spec.scalarType {
            case .float32, .float64, .bfloat16:
                guard region.spec.scalarType.master == Scalar.scalarType else {
                    throw failure(
                        action, "it computes in \(Scalar.scalarType) only, not \(region.spec)",
                        scope: instruction.scope)
                }
            case .int64, .int32, .uint8: break
            }
            guard region.layout.isRowMajor || instruction.operation.takesAnyLayout else {
                throw failure(
                    action, "it is row-major only, not \(region.layout)", scope: instruction.scope)
            }
        }
    }

    private func failure(_ action: String, _ status: String, scope: String = "") -> BackendError {
        BackendError(library: "the reference backend", action: action, status: status, scope: scope)
    }
}

extension Instruction {
    /// Whether it computes with bfloat16 numbers.
    fileprivate var hasNarrowNumbers: Bool {
        !operation.takesAnyLayout
            && (operands + results).contains { $0.spec.scalarType == .bfloat16 }
    }
}

extension Operation {
    /// Whether the operation only moves bytes.
    fileprivate var takesAnyLayout: Bool {
        if case .reorder = self { true } else if case .copy = self { true } else { false }
    }
}

public import Tensors

/// A library or device call that failed.
public struct BackendError: Error, Hashable, CustomStringConvertible {
    /// Who failed, such as `oneDNN`.
    public let library: String
    /// What was being done.
    public let action: String
    /// What the library said.
    public let status: String
    public let scope: String

    public init(library: String, action: String, status: String, scope: String = "") {
        self.library = library
        self.action = action
        self.status = status
        self.scope = scope
    }

    public var description: String {
        (scope.isEmpty ? "" : "\(scope): ") + "\(library) could not \(action): \(status)"
    }
}

/// What runs a plan. It owns the arena and whatever its kernels need.
///
/// Regions are byte ranges of the arena; bytes moved by `upload` and `download` are in the
/// region's own layout (see ``LayoutConversion``).
public protocol Backend: ~Copyable {
    /// An instruction made ready to run: a class or a closure, never copied by value.
    associatedtype Kernel

    /// Many kernels as one thing to run; `Never` for backends that gain nothing by that.
    associatedtype Replay = Never

    var name: String { get }

    /// Takes `byteCount` zeroed bytes for values. Called once, before anything is prepared.
    mutating func allocateArena(byteCount: Int) throws(BackendError)

    /// Makes an instruction ready to run; everything that can fail or allocate happens here.
    mutating func prepare(_ instruction: Instruction) throws(BackendError) -> Kernel

    /// Makes the instructions of a plan ready to run in their order, a kernel for each. The kernel of
    /// one may do the work of later ones, whose own then do nothing.
    mutating func prepare(_ instructions: [Instruction]) throws(BackendError) -> [Kernel]

    func run(_ kernel: Kernel) throws(BackendError)

    /// Copies `bytes` to `offset` of the arena.
    func upload(_ bytes: UnsafeRawBufferPointer, to offset: Int) throws(BackendError)

    /// Fills `bytes` from `offset` of the arena.
    func download(_ bytes: UnsafeMutableRawBufferPointer, from offset: Int) throws(BackendError)

    /// Takes memory for small images, whose pixels `table` `[C, 256]` makes numbers of.
    mutating func makeStock(count: Int, shape: Shape, table: [Float]) throws(BackendError)
        -> ImageStock

    /// Copies `pixels` to `offset` of a stock.
    func upload(_ pixels: UnsafeRawBufferPointer, to stock: ImageStock, at offset: Int)
        throws(BackendError)

    /// Writes a batch of float32 `[N, C, H, W]`, row-major, to `offset` of the arena; `images` are
    /// N times ``PlacedImage``.
    func place(_ images: UnsafeRawBufferPointer, of stock: ImageStock, to offset: Int)
        throws(BackendError)

    /// Returns when everything run so far has finished.
    func synchronize() throws(BackendError)

    /// Records `kernels`, to be run one after the other; nil where that is not possible. What the
    /// arena holds afterwards is zero, as when it was allocated.
    mutating func capture(_ kernels: [Kernel]) throws(BackendError) -> Replay?

    /// Runs what was recorded.
    func replay(_ replay: Replay) throws(BackendError)
}

extension Backend where Self: ~Copyable {
    public mutating func prepare(_ instructions: [Instruction]) throws(BackendError) -> [Kernel] {
        var kernels: [Kernel] = []
        kernels.reserveCapacity(instructions.count)
        for instruction in instructions { kernels.append(try prepare(instruction)) }
        return kernels
    }
}

extension Backend where Self: ~Copyable, Replay == Never {
    public mutating func capture(_ kernels: [Kernel]) -> Never? { nil }

    public func replay(_ replay: Never) {}
}

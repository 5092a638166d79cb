import CKernels
import COpenBLAS
public import Graphs
import Tensors

/// Runs plans of ``CPUTarget`` on oneDNN, OpenBLAS and our own kernels, all on one pool of threads.
///
/// The pool belongs to the thread that calls: prepare and run on one thread. After `prepare`
/// nothing of ours allocates.
public struct CPUBackend: Backend, ~Copyable {
    public typealias Kernel = CPUKernel

    /// Compute threads, the calling one included.
    public let threads: Int
    private var arena: HostArena?
    private let library: OneDNN
    private let stream: OneDNNStream

    /// Throws ``BackendError`` where the libraries cannot be used.
    public init(threads: Int) throws(BackendError) {
        precondition((1...Int(GCB_MAX_PARTS)).contains(threads), "\(threads) threads")
        // Locals first: a noncopyable value cannot throw half made.
        let (library, stream): (OneDNN, OneDNNStream)
        do throws(OneDNNFailure) {
            library = try OneDNN.shared()
            stream = try OneDNNStream(on: library)
        } catch { throw error.backendError(scope: "") }
        self.threads = threads
        self.library = library
        self.stream = stream
        gcb_set_thread_count(Int32(threads))
        // Its matrix products run inside our pool: one thread each.
        openblas_set_num_threads(1)
    }

    public var name: String { "cpu" }

    public mutating func allocateArena(byteCount: Int) throws(BackendError) {
        arena = try HostArena(byteCount: byteCount)
    }

    public mutating func prepare(_ instruction: Instruction) throws(BackendError) -> CPUKernel {
        let site = Site(
            instruction: instruction,
            arena: try allocatedArena("prepare \(instruction.operation.rule.name)"),
            threads: threads, library: library, stream: stream)
        gcb_set_thread_count(Int32(threads))
        do throws(OneDNNFailure) { return CPUKernel(try site.kernel(), keeping: site.arena) } catch
        {
            throw error.backendError(scope: instruction.scope)
        }
    }

    public func run(_ kernel: CPUKernel) throws(BackendError) { try kernel.run() }

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

    private func allocatedArena(_ action: String) throws(BackendError) -> HostArena {
        guard let arena else {
            throw BackendError(
                library: "the cpu backend", action: action, status: "no arena was allocated")
        }
        return arena
    }

    private func range(_ offset: Int, _ count: Int, _ action: String) throws(BackendError)
        -> UnsafeMutableRawPointer
    {
        let arena = try allocatedArena(action)
        guard offset >= 0, offset + count <= arena.byteCount else {
            throw BackendError(
                library: "the cpu backend", action: action,
                status: "bytes \(offset)..<\(offset + count) are outside the arena")
        }
        return arena.base + offset
    }
}

/// An instruction ready to run.
///
/// A class because it owns compiled primitives and keeps the arena alive.
public final class CPUKernel {
    private let body: () throws(OneDNNFailure) -> Void
    private let arena: HostArena

    init(_ body: @escaping () throws(OneDNNFailure) -> Void, keeping arena: HostArena) {
        self.body = body
        self.arena = arena
    }

    func run() throws(BackendError) {
        do throws(OneDNNFailure) { try body() } catch { throw error.backendError(scope: "") }
    }
}

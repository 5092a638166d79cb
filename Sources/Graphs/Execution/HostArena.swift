import Foundation

/// The arena of a backend whose device is the processor: zeroed, aligned, touched once.
///
/// A class because kernels keep it alive; the memory itself is written by one kernel at a time.
public final class HostArena {
    public let base: UnsafeMutableRawPointer
    public let byteCount: Int

    /// Throws ``BackendError`` where the system has not that much memory.
    public init(byteCount: Int) throws(BackendError) {
        let pageSize = Self.hugePageSize
        let rounded = max(pageSize, (byteCount + pageSize - 1) / pageSize * pageSize)
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, pageSize, rounded) == 0, let memory else {
            throw BackendError(
                library: "the system", action: "allocate an arena of \(byteCount) bytes",
                status: "out of memory; use a smaller batch_size")
        }
        // Huge pages are a wish; zeroing here keeps page faults out of the steps.
        madvise(memory, rounded, MADV_HUGEPAGE)
        nonisolated(unsafe) let start = memory
        DispatchQueue.concurrentPerform(iterations: rounded / pageSize) { page in
            memset(start + page * pageSize, 0, pageSize)
        }
        base = memory
        self.byteCount = byteCount
    }

    deinit { free(base) }

    private static let hugePageSize = 2 << 20
}

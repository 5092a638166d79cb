import Foundation

/// Holds a folder for one process; the kernel lets go of it when that process is gone, however it
/// went, so nothing is ever stale.
///
/// A class because it owns the open file until the last reference goes.
public final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Waits for as long as `seconds` for another process to let go.
    ///
    /// - Throws: ``DiskError`` naming the process that has it.
    public init(folder: String, waitingSeconds seconds: Double) throws(DiskError) {
        let path = "\(folder)/lock"
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else {
            throw DiskError(path: path, reason: String(cString: strerror(errno)))
        }
        let start = ContinuousClock.now
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            guard ContinuousClock.now - start < .seconds(seconds) else {
                close(file)
                throw DiskError(path: path, reason: Self.complaint(path))
            }
            usleep(10_000)
        }
        descriptor = file
        ftruncate(file, 0)
        let name = "\(getpid())\n"
        _ = try? FileHandle(fileDescriptor: file, closeOnDealloc: false)
            .write(contentsOf: Data(name.utf8))
    }

    deinit { close(descriptor) }

    private static func complaint(_ path: String) -> String {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let holder = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return "process \(holder) still trains this job; end it with `kill -9 \(holder)`"
    }
}

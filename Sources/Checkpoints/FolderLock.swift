import Foundation

/// Holds a folder for one process; the kernel lets go of it when that process is gone, however it
/// went, so nothing is ever stale.
///
/// A class because it owns the open file until the last reference goes.
public final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Waits for as long as `seconds` for another process to let go.
    ///
    /// - Throws: ``HeldFolder`` naming the process that has it, ``DiskError`` where there is no
    ///   place for the lock.
    public init(folder: String, waitingSeconds seconds: Double) throws {
        let path = "\(folder)/lock"
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else {
            throw DiskError(path: path, reason: String(cString: strerror(errno)))
        }
        let start = ContinuousClock.now
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            guard ContinuousClock.now - start < .seconds(seconds) else {
                close(file)
                throw HeldFolder(path: path, holder: Self.holder(path))
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

    private static func holder(_ path: String) -> String {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// A folder that another process works in.
public struct HeldFolder: Error, Hashable, Sendable, CustomStringConvertible {
    public let path: String
    /// Its process id, as text.
    public let holder: String

    public var description: String {
        "\(path): process \(holder) still trains this job; end it with `kill -9 \(holder)`"
    }
}

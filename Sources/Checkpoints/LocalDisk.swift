public import Foundation
import Tensors

/// The machine's own files.
public struct LocalDisk: Disk {
    public init() {}

    public func makeFolder(_ path: String) throws(DiskError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        } catch { throw DiskError(path: path, reason: error.systemReason) }
    }

    public func write(_ contents: Data, to path: String) throws(DiskError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.lastError(path) }
        do {
            let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            try handle.write(contentsOf: contents)
            try handle.close()
        } catch { throw DiskError(path: path, reason: error.systemReason) }
    }

    public func synchronize(_ path: String) throws(DiskError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.lastError(path) }
        defer { close(descriptor) }
        // A file system without the notion (EINVAL) has nothing to wait for.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw Self.lastError(path) }
    }

    public func rename(_ path: String, to newPath: String) throws(DiskError) {
        guard Foundation.rename(path, newPath) == 0 else { throw Self.lastError(newPath) }
    }

    public func read(_ path: String) throws(DiskError) -> Data? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch { throw DiskError(path: path, reason: error.systemReason) }
    }

    public func remove(_ path: String) throws(DiskError) {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch CocoaError.fileNoSuchFile {
            return
        } catch { throw DiskError(path: path, reason: error.systemReason) }
    }

    private static func lastError(_ path: String) -> DiskError {
        DiskError(path: path, reason: String(cString: strerror(errno)))
    }
}

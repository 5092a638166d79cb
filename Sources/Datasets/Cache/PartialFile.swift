import Foundation

/// A cache file that is being written by several threads: each photo goes to the end, then its line
/// into the table.
///
/// `@unchecked Sendable`: `end` and `done` are only touched under the lock; the threads write
/// different bytes.
final class PartialFile: @unchecked Sendable {
    private let path: String
    private let file: Int32
    private let lock = NSLock()
    private var end: Int
    private var done: Set<Int>

    /// - Parameter done: the lines that stay; all others are written anew.
    init(
        _ path: String, _ header: PhotoCacheFormat.Header, done: [Int: PhotoCacheFormat.Entry]
    ) throws(DatasetError) {
        self.path = path
        self.done = Set(done.keys)
        end = done.values.map { $0.offset + $0.pixelByteCount }.max()
            ?? PhotoCacheFormat.tableOffset(header.count)
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | (done.isEmpty ? O_TRUNC : 0), 0o644)
        guard file >= 0 else { throw failure() }
        let blank = [UInt8](repeating: 0, count: PhotoCacheFormat.entryByteCount)
        for index in 0..<header.count where done[index] == nil && !done.isEmpty {
            try write(blank, at: PhotoCacheFormat.tableOffset(index))
        }
        // A table that is not written yet reads as zeros.
        guard ftruncate(file, off_t(end)) == 0 else { throw failure() }
        try write(header.bytes, at: 0)
    }

    deinit { close(file) }

    func holds(_ index: Int) -> Bool { lock.withLock { done.contains(index) } }

    /// - Returns: how many photos are in the file now.
    func append(_ pixels: [UInt8], size: ImageSize, at index: Int) throws(DatasetError) -> Int {
        let offset = lock.withLock {
            defer { end += pixels.count }
            return end
        }
        try write(pixels, at: offset)
        let checksum = pixels.withUnsafeBytes { PixelChecksum.of($0) }
        let entry = PhotoCacheFormat.Entry(offset: offset, size: size, checksum: checksum)
        try write(entry.bytes, at: PhotoCacheFormat.tableOffset(index))
        return lock.withLock {
            done.insert(index)
            return done.count
        }
    }

    func synchronize() throws(DatasetError) {
        guard fsync(file) == 0 else { throw failure() }
    }

    private func write(_ bytes: [UInt8], at offset: Int) throws(DatasetError) {
        var position = 0
        while position < bytes.count {
            let step = bytes.withUnsafeBytes {
                pwrite(
                    file, $0.baseAddress.map { $0 + position }, bytes.count - position,
                    off_t(offset + position))
            }
            if step < 0, errno == EINTR { continue }
            guard step > 0 else { throw failure() }
            position += step
        }
    }

    private func failure() -> DatasetError {
        .unwritableFile(path: path, reason: String(cString: strerror(errno)))
    }
}

/// A lock between processes that ends with the process that holds it.
struct ExclusiveLock {
    private let file: Int32

    /// Waits until nobody else holds the lock.
    init(_ path: String) throws(DatasetError) {
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else {
            throw .unwritableFile(path: path, reason: String(cString: strerror(errno)))
        }
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let reason = String(cString: strerror(errno))
                close(file)
                throw .unwritableFile(path: path, reason: reason)
            }
        }
    }

    func release() { close(file) }
}

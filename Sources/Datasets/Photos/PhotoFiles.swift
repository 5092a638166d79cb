import Foundation

/// Photos in files that are read and decoded when they are asked for.
///
/// A class because it keeps the folder open. Nothing in it changes.
final class PhotoFiles: PhotoStorage {
    private let list: PhotoList
    /// Negative when the folder cannot be opened, which the first photo then reports.
    private let folder: Int32

    init(_ list: PhotoList) {
        self.list = list
        folder = open(list.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }

    deinit { if folder >= 0 { close(folder) } }

    var count: Int { list.count }

    func label(at index: Int) -> Int { list.label(at: index) }

    func name(at index: Int) -> String { Files.join(list.folder, list.path(at: index)) }

    func withPhoto(
        at index: Int, using buffer: PixelBuffer,
        _ body: (StoredImage) throws(PhotoFault) -> Void
    ) throws(DatasetError) {
        let bytes = try read(index, into: buffer)
        do {
            try body(.file(bytes))
        } catch {
            throw .faultyPhoto(path: name(at: index), error)
        }
    }

    /// The bytes of a file in memory that is used again for the next one.
    private func read(_ index: Int, into buffer: PixelBuffer) throws(DatasetError)
        -> UnsafeRawBufferPointer
    {
        let file = list.withPath(at: index) { openat(folder, $0, O_RDONLY | O_CLOEXEC) }
        guard file >= 0 else { throw unreadable(index) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw unreadable(index)
        }
        let count = Int(status.st_size)
        guard count <= Files.largestByteCount else {
            throw .unreadableFile(path: name(at: index), reason: "it has \(count) bytes")
        }
        let memory = buffer.reserve(count)
        var position = 0
        while position < count {
            let step = Foundation.read(file, memory + position, count - position)
            if step < 0, errno == EINTR { continue }
            guard step > 0 else { throw unreadable(index) }
            position += step
        }
        return UnsafeRawBufferPointer(start: memory, count: count)
    }

    private func unreadable(_ index: Int) -> DatasetError {
        .unreadableFile(path: name(at: index), reason: String(cString: strerror(errno)))
    }
}

import Foundation

/// A cache file in memory, as the system maps it.
///
/// A class because it owns the mapping. Nothing in it changes; `@unchecked Sendable` since the
/// mapping is only read.
final class PhotoCacheFile: @unchecked Sendable {
    let path: String
    let header: PhotoCacheFormat.Header
    private let bytes: UnsafeRawBufferPointer

    /// - Returns: nil where there is no such file.
    /// - Throws: `damagedCache` where it is not whole or was made of other photos.
    init?(_ path: String, expecting header: PhotoCacheFormat.Header) throws(DatasetError) {
        guard Files.exists(path) else { return nil }
        let byteCount = try Files.byteCount(path, largest: Int.max)
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw .unreadableFile(path: path, reason: String(cString: strerror(errno)))
        }
        defer { close(file) }
        guard byteCount >= PhotoCacheFormat.tableOffset(header.count),
            let base = mmap(nil, byteCount, PROT_READ, MAP_SHARED, file, 0), base != MAP_FAILED
        else { throw .damagedCache(path: path, what: "it ends within its table") }
        self.path = path
        self.header = header
        bytes = UnsafeRawBufferPointer(start: base, count: byteCount)
        guard bytes.prefix(PhotoCacheFormat.headerByteCount).elementsEqual(header.bytes) else {
            throw .damagedCache(path: path, what: "it was made of other photos")
        }
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    }

    /// Whether every photo is there, as far as the table tells.
    var isWhole: Bool { (0..<header.count).allSatisfy { entry($0)?.isWritten == true } }

    /// A photo's line of the table; nil where it points outside of the file.
    func entry(_ index: Int) -> PhotoCacheFormat.Entry? {
        let start = PhotoCacheFormat.tableOffset(index)
        let line = UnsafeRawBufferPointer(
            rebasing: bytes[start..<start + PhotoCacheFormat.entryByteCount])
        guard let entry = PhotoCacheFormat.Entry(line),
            entry.offset + entry.pixelByteCount <= bytes.count
        else { return nil }
        return entry
    }

    /// The pixels of a photo whose checksum is right; nil where it is not.
    func pixels(_ entry: PhotoCacheFormat.Entry) -> UnsafeRawBufferPointer? {
        let pixels = UnsafeRawBufferPointer(
            rebasing: bytes[entry.offset..<entry.offset + entry.pixelByteCount])
        return PixelChecksum.of(pixels) == entry.checksum ? pixels : nil
    }
}

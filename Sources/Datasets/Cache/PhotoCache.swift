import Foundation

/// The packed cache of one split of a photo set: where it lies and what it holds.
///
/// It holds the pixels that decoding, and shrinking where a spec asks for it, give each time, so
/// training from it is the same training. Shrinking itself changes pixels and is part of the job:
/// random crops are then taken from the smaller photo.
public struct PhotoCache: Hashable, Sendable {
    /// Called with the photos that are packed and all there are, from any thread.
    public typealias Progress = @Sendable (Int, Int) -> Void

    let list: PhotoList
    let header: PhotoCacheFormat.Header
    /// The finished file.
    public let path: String

    /// - Parameter folder: where caches are kept; the file's name tells what is in it.
    init(_ list: PhotoList, name: DatasetName, split: Split, folder: String, side: Int) {
        var digest = ManifestDigest()
        list.add(to: &digest)
        self.list = list
        header = PhotoCacheFormat.Header(side: side, count: list.count, source: digest.text)
        let size = side == 0 ? "full" : "\(side)"
        path = Files.join(
            folder, "\(name.rawValue)-\(split.rawValue)-\(size)-\(digest.text).pixels")
    }

    /// Opens the finished file; builds it first where it is missing or was cut off.
    ///
    /// - Throws: `faultyPhoto` for the first photo that cannot be decoded, `unwritableFile`.
    func open(progress: @escaping Progress = { _, _ in }) throws(DatasetError) -> any PhotoStorage {
        if let file = finished { return CachedPhotos(file, list) }
        try PhotoCacheBuilder(self, progress: progress).build()
        guard let file = finished else {
            throw .unwritableFile(path: path, reason: "it changed as soon as it was written")
        }
        return CachedPhotos(file, list)
    }

    /// The finished file; nil where it is missing, cut off or of other photos.
    var finished: PhotoCacheFile? {
        guard let file = try? PhotoCacheFile(path, expecting: header), file.isWhole else {
            return nil
        }
        return file
    }
}

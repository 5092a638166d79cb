import Foundation

/// Writes a cache file, on all cores, beside its final place, and moves it there when it is whole.
struct PhotoCacheBuilder {
    private let cache: PhotoCache
    private let progress: PhotoCache.Progress

    init(_ cache: PhotoCache, progress: @escaping PhotoCache.Progress) {
        self.cache = cache
        self.progress = progress
    }

    private var partialPath: String { cache.path + ".partial" }

    /// Builds the file, or waits while another process does and takes what that one made.
    func build() throws(DatasetError) {
        try Files.makeFolder((cache.path as NSString).deletingLastPathComponent)
        let lock = try ExclusiveLock(cache.path + ".lock")
        defer { lock.release() }
        if cache.finished != nil { return }
        let file = try PartialFile(partialPath, cache.header, done: intactEntries())
        try write(to: file)
        try file.synchronize()
        try Files.replace(cache.path, with: partialPath)
    }

    /// The lines of photos that an interrupted build left whole.
    private func intactEntries() -> [Int: PhotoCacheFormat.Entry] {
        guard let opened = try? PhotoCacheFile(partialPath, expecting: cache.header) else {
            return [:]
        }
        let entries = Parallel.map(Array(0..<cache.header.count), chunk: 64) { index in
            opened.entry(index).flatMap { $0.isWritten && opened.pixels($0) != nil ? $0 : nil }
        }
        return Dictionary(
            uniqueKeysWithValues: entries.enumerated().compactMap { index, entry in
                entry.map { (index, $0) }
            })
    }

    private func write(to file: PartialFile) throws(DatasetError) {
        let photos = PhotoFiles(cache.list)
        let missing = (0..<cache.header.count).filter { !file.holds($0) }
        let total = cache.header.count
        let failure = FirstFailure()
        _ = Parallel.map(missing, chunk: 16, worker: { PhotoPacker(side: cache.header.side) }) {
            packer, index in
            guard failure.error == nil else { return }
            do throws(DatasetError) {
                let size = try packer.pack(photos, at: index)
                progress(try file.append(packer.pixels, size: size, at: index), total)
            } catch { failure.set(error) }
        }
        if let error = failure.error { throw error }
    }
}

/// Remembers the first thing that went wrong. `@unchecked Sendable`: it is only touched under the
/// lock.
private final class FirstFailure: @unchecked Sendable {
    private let lock = NSLock()
    private var first: DatasetError?

    var error: DatasetError? { lock.withLock { first } }
    func set(_ error: DatasetError) { lock.withLock { first = first ?? error } }
}

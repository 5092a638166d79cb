/// Photos out of a packed cache: nothing is decoded, and every reading is checked.
struct CachedPhotos: PhotoStorage {
    private let file: PhotoCacheFile
    private let list: PhotoList

    init(_ file: PhotoCacheFile, _ list: PhotoList) {
        self.file = file
        self.list = list
    }

    var count: Int { list.count }

    func label(at index: Int) -> Int { list.label(at: index) }

    func name(at index: Int) -> String { Files.join(list.folder, list.path(at: index)) }

    func withPhoto(
        at index: Int, using buffer: PixelBuffer,
        _ body: (StoredImage) throws(PhotoFault) -> Void
    ) throws(DatasetError) {
        guard let entry = file.entry(index), let pixels = file.pixels(entry),
            let base = pixels.bindMemory(to: UInt8.self).baseAddress
        else {
            throw .damagedCache(
                path: file.path, what: "the pixels of \(list.path(at: index)) are damaged")
        }
        do {
            try body(.interleaved(InterleavedImage(pixels: base, size: entry.size)))
        } catch {
            throw .faultyPhoto(path: name(at: index), error)
        }
    }
}

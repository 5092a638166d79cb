/// What happens to photos between their files and the augmentation.
public struct PhotoPreparation: Sendable {
    /// The shorter side that larger photos are shrunk to, antialiased as PIL does; nil to leave them.
    let shorterSide: Int?
    /// Where the photos are kept packed, as they are then; nil to decode them each time. The pixels are
    /// the same either way.
    let cacheFolder: String?
    let progress: PhotoCache.Progress

    public init(
        shorterSide: Int?, cacheFolder: String?,
        progress: @escaping PhotoCache.Progress = { _, _ in }
    ) {
        self.shorterSide = shorterSide
        self.cacheFolder = cacheFolder
        self.progress = progress
    }
}

extension Dataset {
    /// The same photos, prepared; a set whose images are in memory stays as it is.
    ///
    /// - Throws: what building a cache throws.
    public func prepared(_ preparation: PhotoPreparation) throws(DatasetError) -> Dataset {
        guard case .photos(let photos) = content, let files = photos as? PhotoFiles else {
            return self
        }
        if let folder = preparation.cacheFolder {
            let cache = PhotoCache(
                files.list, name: name, split: split, folder: folder,
                side: preparation.shorterSide ?? 0)
            return with(try cache.open(progress: preparation.progress))
        }
        return preparation.shorterSide.map { with(ShrunkPhotos(files, side: $0)) } ?? self
    }

    private func with(_ photos: any PhotoStorage) -> Dataset {
        var dataset = Dataset(
            provenance: provenance, split: split, classNames: classNames, imageShape: imageShape,
            photos: photos)
        dataset.notes = notes
        return dataset
    }
}

/// Photos that are shrunk each time they are asked for.
struct ShrunkPhotos: PhotoStorage {
    private let files: PhotoFiles
    private let side: Int

    init(_ files: PhotoFiles, side: Int) {
        self.files = files
        self.side = side
    }

    var count: Int { files.count }

    func label(at index: Int) -> Int { files.label(at: index) }

    func name(at index: Int) -> String { files.name(at: index) }

    func withPhoto(
        at index: Int, using buffer: PixelBuffer,
        _ body: (StoredImage) throws(PhotoFault) -> Void
    ) throws(DatasetError) {
        let packer = PhotoPacker(side: side)
        let size = try packer.pack(files, at: index)
        var fault: PhotoFault?
        packer.pixels.withUnsafeBufferPointer { pixels in
            guard let base = pixels.baseAddress else { return }
            do throws(PhotoFault) {
                try body(.interleaved(InterleavedImage(pixels: base, size: size)))
            } catch { fault = error }
        }
        if let fault { throw .faultyPhoto(path: name(at: index), fault) }
    }
}

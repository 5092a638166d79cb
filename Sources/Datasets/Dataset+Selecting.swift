extension Dataset {
    /// The images at `indices`, in that order.
    public func selecting(_ indices: [Int32]) -> Dataset {
        var selection: Dataset
        switch content {
        case .planes(let images):
            selection = Dataset(
                provenance: provenance, split: split, classNames: classNames,
                imageShape: imageShape, images: SelectedImages(all: images, indices: indices))
        case .photos(let photos):
            selection = Dataset(
                provenance: provenance, split: split, classNames: classNames,
                imageShape: imageShape, photos: SelectedPhotos(all: photos, indices: indices))
        }
        selection.notes = notes
        return selection
    }
}

/// Some of the images of another storage.
private struct SelectedImages: ImageStorage {
    let all: any ImageStorage
    let indices: [Int32]

    var count: Int { indices.count }

    func label(at index: Int) -> Int { all.label(at: Int(indices[index])) }

    func withImage(at index: Int, _ body: (ImagePlanes) -> Void) throws {
        try all.withImage(at: Int(indices[index]), body)
    }
}

/// Some of the photos of another storage.
private struct SelectedPhotos: PhotoStorage {
    let all: any PhotoStorage
    let indices: [Int32]

    var count: Int { indices.count }

    func label(at index: Int) -> Int { all.label(at: Int(indices[index])) }

    func name(at index: Int) -> String { all.name(at: Int(indices[index])) }

    func withPhoto(
        at index: Int, using buffer: PixelBuffer,
        _ body: (StoredImage) throws(PhotoFault) -> Void
    ) throws(DatasetError) {
        try all.withPhoto(at: Int(indices[index]), using: buffer, body)
    }
}

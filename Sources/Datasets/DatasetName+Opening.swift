/// A data set that has been found but not yet read: enough to name a job, at no cost.
public struct DatasetLocation: Hashable, Sendable {
    private enum Source: Hashable, Sendable {
        case shapes(Shapes)
        case cifar(CIFARFolder)
        case photos(PhotoSet)
    }

    public let provenance: Provenance
    private let source: Source

    fileprivate init(_ shapes: Shapes) {
        provenance = shapes.provenance
        source = .shapes(shapes)
    }

    fileprivate init(_ folder: CIFARFolder) {
        provenance = folder.provenance
        source = .cifar(folder)
    }

    public init(_ photos: PhotoSet) {
        provenance = photos.provenance
        source = .photos(photos)
    }

    /// The number of classes, where the files decide it and not the data set's name.
    public var classCount: Int? {
        switch source {
        case .shapes, .cifar: nil
        case .photos(let photos): photos.name == .imageFolder ? photos.classNames.count : nil
        }
    }

    /// How many training images there are, without reading any. The length of a pickle tells it
    /// only roughly where the set is not the official one.
    public var trainingCount: Int {
        switch source {
        case .shapes(let shapes): shapes.trainingCount
        case .cifar(let folder): folder.trainingCount
        case .photos(let photos): photos.training.count
        }
    }

    /// Looks for damage without reading the images, as far as that can be seen.
    ///
    /// - Throws: `wrongLength` for a binary file that is no whole number of rows.
    public func check() throws(DatasetError) {
        switch source {
        case .shapes, .photos: return
        case .cifar(let folder): try folder.check()
        }
    }

    /// Reads or draws one split. Photos are read when they are asked for.
    ///
    /// - Throws: `DatasetError` naming the file, and the row or offset where there is one.
    public func read(_ split: Split, corruptImages: CorruptImagePolicy = .fail)
        throws(DatasetError) -> Dataset
    {
        switch source {
        case .shapes(let shapes): shapes.draw(split)
        case .cifar(let folder): try folder.read(split)
        case .photos(let photos): try photos.read(split, corruptImages)
        }
    }
}

extension DatasetName {
    /// Finds the data set without reading it.
    ///
    /// - Parameters:
    ///   - root: the data folder or its parent; nil when none was given.
    ///   - trainingCount: how many training images to draw, where the program draws them.
    ///   - testCount: likewise for the test images.
    /// - Throws: `notFound`, `missingFile`, `unreadableFile`, `takesNoFolder`, `unexpectedContent` or
    ///   `wrongClassCount`.
    public func locate(root: String?, trainingCount: Int? = nil, testCount: Int? = nil)
        throws(DatasetError) -> DatasetLocation
    {
        switch self {
        case .shapes:
            if let root { throw .takesNoFolder(self, path: root) }
            return DatasetLocation(
                Shapes(trainingCount: trainingCount, testCount: testCount))
        case .cifar10: return DatasetLocation(try CIFARFolder(.cifar10, root: given(root)))
        case .cifar100: return DatasetLocation(try CIFARFolder(.cifar100, root: given(root)))
        case .imagenet, .imagenette, .imageFolder:
            return DatasetLocation(try ImageFolder.find(self, root: given(root)))
        }
    }

    /// Finds and reads one split; see `locate(root:)`.
    public func open(root: String?, split: Split) throws(DatasetError) -> Dataset {
        try locate(root: root).read(split)
    }

    /// Whether the program draws the data set itself.
    public var isDrawn: Bool {
        switch self {
        case .shapes: true
        case .cifar10, .cifar100, .imagenet, .imagenette, .imageFolder: false
        }
    }

    private func given(_ root: String?) throws(DatasetError) -> String {
        guard let root else { throw .notFound(self, lookedAt: []) }
        return root
    }
}

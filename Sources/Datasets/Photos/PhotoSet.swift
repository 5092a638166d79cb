/// A data set of photos, found but not yet read: the joint between whatever lists photos (class
/// folders, official archives) and everything that decodes them.
public struct PhotoSet: Hashable, Sendable {
    public let name: DatasetName
    public let classNames: [String]
    public let training: PhotoList
    public let test: PhotoList
    public let provenance: Provenance

    /// - Parameter isOfficial: whether these are the files of the official release, as far as
    ///   counts and sizes tell.
    public init(
        name: DatasetName, folder: String, format: Provenance.Format, classNames: [String],
        training: PhotoList, test: PhotoList, origin: Provenance.Origin, notes: [String] = []
    ) {
        self.name = name
        self.classNames = classNames
        self.training = training
        self.test = test
        var digest = ManifestDigest()
        training.add(to: &digest)
        test.add(to: &digest)
        provenance = Provenance(
            name: name, origin: origin, format: format, folder: folder,
            manifestDigest: digest.text, notes: notes)
    }

    func list(of split: Split) -> PhotoList {
        switch split {
        case .training: training
        case .test: test
        }
    }

    /// The photos of one split, which are decoded when they are asked for.
    func read(_ split: Split) -> Dataset {
        Dataset(
            provenance: provenance, split: split, classNames: classNames,
            imageShape: name.facts.imageShape, photos: PhotoFiles(list(of: split)))
    }
}

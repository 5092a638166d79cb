/// A folder with the files of a CIFAR set, found but not yet read.
struct CIFARFolder: Hashable, Sendable {
    let variant: CIFARVariant
    let provenance: Provenance
    private let format: CIFARFormat
    private let folder: String

    /// Finds the data in `root` or in the official folder below it. Where both formats are there,
    /// the binary one is taken.
    ///
    /// - Throws: `notFound` when there is no file of the set, `missingFile` when some are missing,
    ///   `unreadableFile` for what is no file.
    init(_ variant: CIFARVariant, root: String) throws(DatasetError) {
        let found = CIFARFormat.allCases.compactMap { format -> (CIFARFormat, String)? in
            variant.folder(in: root, format: format).map { (format, $0) }
        }
        guard let (format, folder) = found.first else {
            throw .notFound(variant.name, lookedAt: [root])
        }
        let official = variant.layout(format).files
        let manifest = try Self.manifest(of: official, in: folder, name: variant.name)
        self.variant = variant
        self.format = format
        self.folder = folder
        let marker = SyntheticMarker.covers(folder, root)
        provenance = Provenance(
            name: variant.name,
            origin: marker != nil ? .standIn : manifest == official ? .official : .differing,
            format: format.named, folder: folder, manifest: manifest,
            unusedFormat: found.dropFirst().first?.0.named, synthesisSeed: marker?.seed)
    }

    /// The training images, by the lengths of their files; a pickle has a few bytes more than the
    /// pixels in each row.
    var trainingCount: Int {
        if provenance.isOfficial { return variant.name.facts.trainingCount }
        let names = Set(variant.layout(format).files(of: .training).map(\.path))
        let byteCount = provenance.manifest.filter { names.contains($0.path) }
            .reduce(0) { $0 + $1.byteCount }
        return byteCount / variant.rowByteCount
    }

    /// The length of a binary file tells whether it is whole; that of a pickle tells nothing, so
    /// only an empty one is found.
    func check() throws(DatasetError) {
        for file in provenance.manifest {
            let isWhole =
                switch format {
                case .binary: file.byteCount > 0 && file.byteCount % variant.rowByteCount == 0
                case .pickle: file.byteCount > 0
                }
            guard isWhole else {
                throw .wrongLength(
                    path: Files.join(folder, file.path), byteCount: file.byteCount,
                    rowByteCount: variant.rowByteCount)
            }
        }
    }

    /// Reads the images of one split into memory.
    ///
    /// - Throws: what the reader of the format finds wrong with a file.
    func read(_ split: Split) throws(DatasetError) -> Dataset {
        var rows = CIFARRows()
        for file in variant.layout(format).files(of: split) {
            let path = Files.join(folder, file.path)
            let bytes = try Files.read(path)
            switch format {
            case .binary:
                try CIFARBinary.read(bytes, path: path, variant: variant, into: &rows)
            case .pickle:
                try CIFARPickle.read(bytes, path: path, variant: variant, into: &rows)
            }
        }
        let shape = CIFARVariant.imageShape
        return Dataset(
            provenance: provenance, split: split, classNames: variant.classNames,
            imageShape: shape,
            images: ImagesInMemory(pixels: rows.pixels, labels: rows.labels, shape: shape))
    }

    private static func manifest(
        of files: [Provenance.File], in folder: String, name: DatasetName
    ) throws(DatasetError) -> [Provenance.File] {
        var manifest: [Provenance.File] = []
        for file in files {
            let path = Files.join(folder, file.path)
            guard Files.exists(path) else { throw .missingFile(name, path: path) }
            manifest.append(.init(path: file.path, byteCount: try Files.byteCount(path)))
        }
        return manifest
    }
}

extension CIFARVariant {
    /// `root` or the official folder in it, whichever holds a file of the format.
    fileprivate func folder(in root: String, format: CIFARFormat) -> String? {
        let layout = layout(format)
        return [root, Files.join(root, layout.folder)].first { folder in
            layout.files.contains { Files.exists(Files.join(folder, $0.path)) }
        }
    }
}

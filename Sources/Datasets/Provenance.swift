/// Where the images of a data set come from: what a report needs to name them truthfully.
public struct Provenance: Hashable, Sendable, Codable {
    /// What kind of thing the images are.
    public enum Origin: String, Hashable, Sendable, Codable {
        /// The files of the official release, by their paths and sizes.
        case official
        /// Real files that differ from the official release: a subset, say.
        case differing
        /// Someone's own files, of which there is no official release.
        case own
        /// The data set is one that the program draws.
        case drawn
        /// Drawn in place of real images, to try the path that they would take.
        case standIn
    }

    /// How the images are stored.
    public enum Format: String, Hashable, Sendable, Codable {
        case cifarBinary = "CIFAR binary"
        case cifarPickle = "CIFAR python pickle"
        /// `train/<class>/` and `val/<class>/` with JPEG and PNG files.
        case imageFolder = "class folders of photos"
        case memory = "drawn in memory"
    }

    /// A file that the images are read from.
    public struct File: Hashable, Sendable, Codable {
        /// Relative to the data folder.
        public let path: String
        public let byteCount: Int

        public init(path: String, byteCount: Int) {
            self.path = path
            self.byteCount = byteCount
        }
    }

    public let name: DatasetName
    public let origin: Origin
    public let format: Format
    /// The folder that the files lie in; nil where the program draws the images.
    public let folder: String?
    /// All files of the set, both splits, in the order of the release; empty for a set of photos,
    /// which can have a million, and whose digest alone is kept.
    public let manifest: [File]
    private let listedDigest: String?
    /// The other format that lay beside this one and was left alone.
    public let unusedFormat: Format?
    /// What a person should know about the files.
    public let notes: [String]

    /// - Parameter manifestDigest: where the manifest itself is not kept.
    public init(
        name: DatasetName, origin: Origin, format: Format, folder: String? = nil,
        manifest: [File] = [], manifestDigest: String? = nil, unusedFormat: Format? = nil,
        notes: [String] = []
    ) {
        self.name = name
        self.origin = origin
        self.format = format
        self.folder = folder
        self.manifest = manifest
        self.unusedFormat = unusedFormat
        self.notes = notes
        listedDigest = manifestDigest
    }

    public var isOfficial: Bool { origin == .official }

    /// True for real files that are not the official set.
    public var isSubset: Bool { origin == .differing }

    /// True where no camera was involved.
    public var isSynthetic: Bool { origin == .drawn || origin == .standIn }
}

extension Provenance {
    /// What the data set contributes to the id of a job: the declared identity of the official set,
    /// followed by the digest of the manifest where the files differ from it.
    public var identity: String {
        switch origin {
        case .official, .drawn: name.facts.declaredIdentity
        case .differing, .own: "\(name.facts.declaredIdentity)+\(manifestDigest)"
        case .standIn: "\(name.facts.declaredIdentity)+stand-in"
        }
    }

    /// The manifest as text: one line per file, its size, a space and its relative path.
    public var manifestText: String {
        manifest.map { "\($0.byteCount) \($0.path)\n" }.joined()
    }

    /// FNV-1a (64 bits) of `manifestText`, in 16 hexadecimal digits.
    public var manifestDigest: String {
        if let listedDigest { return listedDigest }
        var digest = ManifestDigest()
        digest.add(manifestText)
        return digest.text
    }
}

extension Provenance: CustomStringConvertible {
    /// One line for a person: the data set, what it is, how it is stored and where.
    public var description: String {
        var line = "\(name.rawValue) (\(kind), \(format.rawValue))"
        if let folder { line += " in \(folder)" }
        if let unusedFormat { line += "; the \(unusedFormat.rawValue) beside it is not read" }
        return ([line] + notes).joined(separator: "; ")
    }

    private var kind: String {
        switch origin {
        case .official: "the official set"
        case .differing: "not the official set: manifest \(manifestDigest)"
        case .own: "manifest \(manifestDigest)"
        case .drawn: "synthetic"
        case .standIn: "synthetic stand-in"
        }
    }
}

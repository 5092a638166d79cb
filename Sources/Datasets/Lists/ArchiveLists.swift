/// The lists of a data set's archive: which files they are, and how they are read.
protocol ArchiveLists {
    static var name: DatasetName { get }
    /// The file whose presence tells the layout.
    static var mark: String { get }
    /// Where the archive may lie below the folder that is given, in the order of preference.
    static var places: [Place] { get }
    /// Where the archive holds the lists as MATLAB files, how to write their text form.
    static var matlab: MatlabForm? { get }

    /// - Parameter folder: the folder that holds the lists.
    /// - Throws: `missingFile`, `badLine` or `unexpectedContent`.
    static func read(_ folder: String) throws(DatasetError) -> ArchiveList
}

/// Where an archive was unpacked, relative to the folder that was given.
struct Place: Hashable, Sendable {
    /// The paths of images are relative to it.
    let folder: String
    let lists: String

    init(_ folder: String) { self.init(folder, lists: "") }

    /// - Parameter lists: relative to `folder`.
    init(_ folder: String, lists: String) {
        self.folder = folder
        self.lists = [folder, lists].filter { !$0.isEmpty }.joined(separator: "/")
    }
}

/// Lists that are there as MATLAB files only.
struct MatlabForm: Hashable, Sendable {
    let mark: String
    /// The files to write, in words.
    let textForm: String
    /// Run in the folder that holds the MATLAB files.
    let conversion: String
}

extension DatasetName {
    /// The lists of the official archive; nil where class folders are the only layout.
    var lists: (any ArchiveLists.Type)? {
        switch self {
        case .stanfordCars: CarLists.self
        case .stanfordDogs: DogLists.self
        case .fgvcAircraft: AircraftLists.self
        case .cub200: BirdLists.self
        case .shapes, .cifar10, .cifar100, .imagenet, .imagenette, .imageFolder, .miniImagenet,
            .horsesOrHumans:
            nil
        }
    }
}

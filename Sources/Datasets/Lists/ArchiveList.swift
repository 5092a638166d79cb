/// One image that a list names.
struct ListedPhoto: Hashable, Sendable {
    /// Relative to the data folder.
    let path: String
    let label: Int
}

/// The images of a data set as the lists of its archive name them; none is opened.
struct ArchiveList: Hashable, Sendable {
    /// In the order of the labels.
    let classNames: [String]
    /// By class, then by path: the order that class folders have, so that the layout on disk does
    /// not decide which image comes first.
    let training: [ListedPhoto]
    let test: [ListedPhoto]

    init(classNames: [String], training: [ListedPhoto], test: [ListedPhoto]) {
        self.classNames = classNames
        self.training = Self.ordered(training)
        self.test = Self.ordered(test)
    }

    func photos(of split: Split) -> [ListedPhoto] {
        switch split {
        case .training: training
        case .test: test
        }
    }

    private static func ordered(_ photos: [ListedPhoto]) -> [ListedPhoto] {
        photos.sorted { ($0.label, $0.path) < ($1.label, $1.path) }
    }
}

extension ArchiveList {
    /// A set without images of one kind, or with an image on both sides, cannot be trained on
    /// honestly.
    ///
    /// - Throws: `unexpectedContent` naming the list.
    func checked(_ path: String) throws(DatasetError) -> ArchiveList {
        guard !training.isEmpty, !test.isEmpty else {
            throw .unexpectedContent(
                path: path,
                reason: "\(training.count) training and \(test.count) test images are listed")
        }
        let paths = Set(training.map(\.path))
        guard paths.count == training.count, Set(test.map(\.path)).count == test.count else {
            throw .unexpectedContent(path: path, reason: "an image is listed twice")
        }
        if let shared = test.first(where: { paths.contains($0.path) }) {
            throw .unexpectedContent(
                path: path, reason: "'\(shared.path)' is listed for training and for the test")
        }
        return self
    }
}

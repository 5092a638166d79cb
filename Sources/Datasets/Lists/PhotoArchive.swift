/// A data set in the layout of its official archive.
enum PhotoArchive {
    /// Finds the lists in `root` or where the archive's own folders put them, and looks at the size of
    /// every image that they name; none is opened.
    ///
    /// - Returns: nil where there are no lists.
    /// - Throws: `matlabFile` where they are MATLAB files only; `missingFile` for a list or an image
    ///   that is missing, and what reading the lists throws.
    static func find(_ name: DatasetName, root: String) throws(DatasetError) -> PhotoSet? {
        guard let lists = name.lists else { return nil }
        for place in lists.places {
            let folder = Files.join(root, place.lists)
            if Files.exists(Files.join(folder, lists.mark)) {
                return try set(
                    name, try lists.read(folder), folder: Files.join(root, place.folder),
                    root: root)
            }
        }
        return nil
    }

    /// - Throws: `matlabFile` where the lists are there, but as MATLAB files.
    static func refuseMatlab(_ name: DatasetName, root: String) throws(DatasetError) {
        guard let lists = name.lists, let matlab = lists.matlab else { return }
        for place in lists.places {
            let path = Files.join(Files.join(root, place.lists), matlab.mark)
            guard !Files.exists(path) else {
                throw .matlabFile(
                    path: path, textForm: matlab.textForm, conversion: matlab.conversion)
            }
        }
    }

    private static func set(
        _ name: DatasetName, _ list: ArchiveList, folder: String, root: String
    ) throws(DatasetError) -> PhotoSet {
        let training = try photos(list.training, folder, name)
        let test = try photos(list.test, folder, name)
        let facts = name.facts
        let isWhole =
            list.classNames.count == facts.classCount && training.count == facts.trainingCount
            && test.count == facts.testCount
        let marker = SyntheticMarker.covers(folder, root)
        return PhotoSet(
            name: name, folder: folder, format: .archiveLists, classNames: list.classNames,
            training: training, test: test,
            origin: marker != nil ? .standIn : isWhole ? .official : .differing,
            unusedFormat: ImageFolder.parts(of: root) == nil ? nil : .imageFolder,
            synthesisSeed: marker?.seed)
    }

    private static func photos(
        _ listed: [ListedPhoto], _ folder: String, _ name: DatasetName
    ) throws(DatasetError) -> PhotoList {
        var photos = PhotoList(folder: folder)
        for photo in listed {
            let path = Files.join(folder, photo.path)
            guard Files.exists(path) else { throw .missingFile(name, path: path) }
            photos.append(
                path: photo.path, label: photo.label, byteCount: try Files.byteCount(path))
        }
        return photos
    }
}

extension PhotoSet {
    /// Finds a set of photos: by the lists of its archive, else by class folders. Where both are
    /// there, the lists are taken.
    ///
    /// - Throws: `notFound`, `matlabFile`, or what the reader of the layout finds wrong.
    package static func find(
        _ name: DatasetName, root: String
    ) throws(DatasetError) -> PhotoSet {
        if let archive = try PhotoArchive.find(name, root: root) { return archive }
        if ImageFolder.parts(of: root) == nil {
            try PhotoArchive.refuseMatlab(name, root: root)
        }
        return try ImageFolder.find(name, root: root)
    }
}

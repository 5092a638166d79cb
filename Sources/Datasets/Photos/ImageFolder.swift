import Foundation

/// The layout that torchvision calls `ImageFolder`: `train/<class>/<photo>` and `val/<class>/<photo>`.
///
/// Classes are sorted by the names of their folders and photos by theirs, byte by byte, so that every
/// machine numbers them alike. JPEG and PNG files count, however their endings are written; other
/// files are counted and named.
enum ImageFolder {
    /// Names of the folders of the two parts, the first one that is there.
    static let trainingFolders = ["train", "training", "horse-or-human"]
    static let testFolders = ["val", "validation", "test", "validation-horse-or-human"]
    static let endings: Set = ["jpg", "jpeg", "png"]

    /// Lists the photos in `root`, or in the one folder of `root` that holds both parts.
    ///
    /// - Throws: `notFound`, `unreadableFile`, and `unexpectedContent` where the parts have other
    ///   classes or a class has no photo.
    static func find(_ name: DatasetName, root: String) throws(DatasetError) -> PhotoSet {
        guard let parts = parts(of: root) else { throw .notFound(name, lookedAt: [root]) }
        var others = OtherFiles()
        let classes = try Files.folders(in: Files.join(parts.folder, parts.training))
        let testClasses = try Files.folders(in: Files.join(parts.folder, parts.test))
        let marker = SyntheticMarker.covers(parts.folder, root)
        try check(classes, testClasses, of: name, in: parts, isStandIn: marker != nil)
        var training = PhotoList(folder: parts.folder)
        var test = PhotoList(folder: parts.folder)
        for (label, name) in classes.enumerated() {
            try list("\(parts.training)/\(name)", label, into: &training, &others)
        }
        for (label, name) in classes.enumerated() where testClasses.contains(name) {
            try list("\(parts.test)/\(name)", label, into: &test, &others)
        }
        return PhotoSet(
            name: name, folder: parts.folder, format: .imageFolder, classNames: classes,
            training: training, test: test,
            origin: marker != nil
                ? .standIn : name.origin(of: classes, training: training, test: test),
            synthesisSeed: marker?.seed, notes: others.notes)
    }

    struct Parts {
        let folder: String
        let training: String
        let test: String
    }

    /// Whether a folder looks like one, itself or by the one folder in it.
    static func parts(of root: String) -> Parts? {
        if let parts = parts(in: root) { return parts }
        let inner = (try? Files.folders(in: root)) ?? []
        let found = inner.compactMap { parts(in: Files.join(root, $0)) }
        return found.count == 1 ? found[0] : nil
    }

    private static func parts(in folder: String) -> Parts? {
        func first(_ names: [String]) -> String? {
            names.first { Files.isFolder(Files.join(folder, $0)) }
        }
        guard let training = first(trainingFolders), let test = first(testFolders) else {
            return nil
        }
        return Parts(folder: folder, training: training, test: test)
    }

    private static func check(
        _ training: [String], _ test: [String], of name: DatasetName, in parts: Parts,
        isStandIn: Bool
    ) throws(DatasetError) {
        let path = Files.join(parts.folder, parts.training)
        guard !training.isEmpty else {
            throw .unexpectedContent(path: path, reason: "there is no class folder in it")
        }
        guard name.allows(classCount: training.count, isStandIn: isStandIn) else {
            throw .wrongClassCount(name, path: path, found: training.count)
        }
        let strange = test.filter { !Set(training).contains($0) }
        guard strange.isEmpty else {
            throw .unexpectedContent(
                path: Files.join(parts.folder, parts.test),
                reason: "class \(strange[0]) is not among those of \(path)")
        }
    }

    private static func list(
        _ folder: String, _ label: Int, into list: inout PhotoList, _ others: inout OtherFiles
    ) throws(DatasetError) {
        for file in try Files.entries(of: Files.join(list.folder, folder)) {
            let path = "\(folder)/\(file.name)"
            if isPhoto(file.name), let byteCount = file.byteCount {
                list.append(path: path, label: label, byteCount: byteCount)
            } else if !file.name.hasPrefix(".") {
                others.add(path)
            }
        }
    }

    static func isPhoto(_ name: String) -> Bool {
        guard let dot = name.lastIndex(of: ".") else { return false }
        return endings.contains(name[name.index(after: dot)...].lowercased())
    }
}

/// What lies between the photos and is none.
struct OtherFiles {
    private var count = 0
    private var first: [String] = []

    mutating func add(_ path: String) {
        count += 1
        if first.count < 3 { first.append(path) }
    }

    var notes: [String] {
        if count == 0 { return [] }
        let more = count > first.count ? " and \(count - first.count) more" : ""
        return ["not photos and left alone: \(first.joined(separator: ", "))\(more)"]
    }
}

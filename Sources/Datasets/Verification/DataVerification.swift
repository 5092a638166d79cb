/// What was found out about a data set on disk by reading all of it.
public struct DataVerification: Hashable, Sendable {
    public let name: DatasetName
    public let provenance: Provenance
    public let classCount: Int
    public let trainingCount: Int
    public let testCount: Int
    /// SHA-256 of what `sha256sum` prints for the set's files, training first, as the reader lists
    /// them: the identity of the contents.
    public let contentDigest: String
    /// What makes the data unfit, one line each; empty for sound data.
    public internal(set) var faults: [String] = []
    /// What one should know: a subset, duplicates, files that are left alone.
    public internal(set) var notes: [String] = []

    public var isSound: Bool { faults.isEmpty }
}

extension DataVerification {
    /// What differs from the official set, by counts.
    static func differences(
        _ name: DatasetName, classes: Int, training: Int, test: Int
    ) -> [String] {
        guard name != .imageFolder else { return [] }
        let facts = name.facts
        return [
            ("classes", classes, facts.classCount),
            ("training images", training, facts.trainingCount),
            ("test images", test, facts.testCount),
        ].compactMap { what, found, official in
            found == official ? nil : "\(found) \(what) where the official set has \(official)"
        }
    }

    /// How many images the classes have, where that is uneven in a set that is even.
    static func balance(_ labels: [Int], classNames: [String], _ what: String) -> [String] {
        var counts = Array(repeating: 0, count: classNames.count)
        for label in labels { counts[label] += 1 }
        let empty = counts.indices.filter { counts[$0] == 0 }
        guard let least = counts.min(), let most = counts.max() else { return [] }
        let spread = "\(what) images per class: \(least == most ? "\(least)" : "\(least) to \(most)")"
        guard let first = empty.first else { return [spread] }
        return ["\(spread); \(empty.count) classes have none, such as '\(classNames[first])'"]
    }

    /// Compares every archive that lies in the folder or beside it with its published digest.
    static func archives(
        _ name: DatasetName, _ folders: [String]
    ) throws(DatasetError) -> (faults: [String], notes: [String]) {
        var (faults, notes): ([String], [String]) = ([], [])
        for archive in name.archives {
            for folder in Set(folders).sorted() {
                let path = Files.join(folder, archive.file)
                guard Files.isFile(path) else { continue }
                if try FileDigests.matches(archive, path) {
                    notes.append("\(path) is the official file, by its digest")
                } else {
                    faults.append("\(path): its digest is not the official one; download it again")
                }
            }
        }
        return (faults, notes)
    }
}

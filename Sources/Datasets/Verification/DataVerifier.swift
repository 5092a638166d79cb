import Crypto
import Foundation
import Tensors

/// Reads all of a data set, on all cores.
public struct DataVerifier: Sendable {
    /// Called with the images done and all there are, from any thread.
    public typealias Progress = @Sendable (Int, Int) -> Void

    let name: DatasetName
    let root: String
    let progress: Progress

    public init(_ name: DatasetName, root: String, progress: @escaping Progress = { _, _ in }) {
        self.name = name
        self.root = root
        self.progress = progress
    }

    /// - Throws: `DatasetError` where the set cannot even be listed.
    public func verify() throws(DatasetError) -> DataVerification {
        let location = try name.locate(root: root)
        try location.check()
        var verification =
            if let photos = location.photos {
                try verify(photos)
            } else {
                try verify(small: location)
            }
        let archives = try DataVerification.archives(name, neighbourhood(of: location.provenance))
        verification.faults += archives.faults
        verification.notes += archives.notes
        return verification
    }

    /// The given folder, the data folder and the one above it.
    private func neighbourhood(of provenance: Provenance) -> [String] {
        let folder = URL(fileURLWithPath: provenance.folder ?? root).standardizedFileURL
        let given = URL(fileURLWithPath: root).standardizedFileURL
        return [given.path, folder.path, folder.deletingLastPathComponent().path]
    }
}

// MARK: - Photos

extension DataVerifier {
    private struct Reading: Sendable {
        let image: ImageContents.Image
        let path: String
        let digest: String?
        let fault: String?
    }

    private func verify(_ set: PhotoSet) throws(DatasetError) -> DataVerification {
        let total = set.training.count + set.test.count
        let counter = Counter(total: total, progress)
        let readings = Split.allCases.flatMap { split in
            read(set.list(of: split), split, counter)
        }
        var (contents, lines) = (ImageContents(), "")
        for reading in readings {
            guard let digest = reading.digest else { continue }
            contents.add(reading.image, digest: digest)
            lines += "\(digest)  \(reading.path)\n"
        }
        return DataVerification(
            name: name, provenance: set.provenance, classCount: set.classNames.count,
            trainingCount: set.training.count, testCount: set.test.count,
            contentDigest: FileDigests.hexadecimal(SHA256.hash(data: Data(lines.utf8))),
            faults: readings.compactMap(\.fault),
            notes: DataVerification.differences(
                name, classes: set.classNames.count, training: set.training.count,
                test: set.test.count)
                + Split.allCases.flatMap { split in
                    DataVerification.balance(
                        set.list(of: split).labels, classNames: set.classNames, split.rawValue)
                } + contents.notes)
    }

    private func read(_ list: PhotoList, _ split: Split, _ counter: Counter) -> [Reading] {
        let photos = PhotoFiles(list)
        return Parallel.map(Array(0..<list.count), chunk: 16, worker: PhotoExaminer.init) {
            inspector, index in
            defer { counter.add() }
            let image = ImageContents.Image(
                split: split, index: index, label: list.label(at: index),
                name: list.path(at: index))
            let (digest, fault) = inspector.inspect(photos, at: index)
            return Reading(image: image, path: list.path(at: index), digest: digest, fault: fault)
        }
    }
}

// MARK: - Small images

extension DataVerifier {
    private func verify(small location: DatasetLocation) throws(DatasetError) -> DataVerification {
        let sets = [try location.read(.training), try location.read(.test)]
        let counter = Counter(total: sets.reduce(0) { $0 + $1.count }, progress)
        var contents = ImageContents()
        for set in sets {
            let digests = Parallel.map(Array(0..<set.count), chunk: 256) { index in
                defer { counter.add() }
                return (try? set.image(at: index)).map {
                    FileDigests.hexadecimal(SHA256.hash(data: Data($0.bytes)))
                }
            }
            for (index, digest) in digests.enumerated() {
                guard let digest else { continue }
                contents.add(
                    .init(
                        split: set.split, index: index, label: set.label(at: index),
                        name: "\(set.split.rawValue) image \(index)"), digest: digest)
            }
        }
        let files = try fileDigests(location.provenance)
        return DataVerification(
            name: name, provenance: location.provenance, classCount: sets[0].classCount,
            trainingCount: sets[0].count, testCount: sets[1].count,
            contentDigest: FileDigests.hexadecimal(SHA256.hash(data: Data(files.lines.utf8))),
            faults: files.faults,
            notes: DataVerification.differences(
                name, classes: sets[0].classCount, training: sets[0].count, test: sets[1].count)
                + files.notes
                + sets.flatMap { set in
                    DataVerification.balance(
                        (0..<set.count).map(set.label(at:)), classNames: set.classNames,
                        set.split.rawValue)
                } + contents.notes)
    }

    private func fileDigests(
        _ provenance: Provenance
    ) throws(DatasetError) -> (lines: String, faults: [String], notes: [String]) {
        var (lines, faults, notes) = ("", [String](), [String]())
        for file in provenance.manifest {
            let path = Files.join(provenance.folder ?? root, file.path)
            lines += "\(try FileDigests.sha256(path))  \(file.path)\n"
            guard provenance.isOfficial,
                let checksum = name.checkedFiles.first(where: { $0.file == file.path })
            else { continue }
            if try FileDigests.matches(checksum, path) {
                notes.append("\(file.path) is the official file, by its digest")
            } else {
                faults.append(
                    "\(path): it has the official size, but not the official digest; unpack the "
                        + "archive again")
            }
        }
        return (lines, faults, notes)
    }
}

/// Counts images that are done. `@unchecked Sendable`: the count is only touched under the lock.
private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var done = 0
    private let total: Int
    private let progress: DataVerifier.Progress

    init(total: Int, _ progress: @escaping DataVerifier.Progress) {
        self.total = total
        self.progress = progress
    }

    func add() {
        let done = lock.withLock {
            self.done += 1
            return self.done
        }
        progress(done, total)
    }
}

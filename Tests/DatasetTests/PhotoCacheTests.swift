import Datasets
import Foundation
import Tensors
import Testing

@Suite("Packed cache")
struct PhotoCacheTests {
    /// Twelve drawn birds of uneven sizes, up to 360×240.
    private static func withPhotos<Result>(
        _ body: (Dataset, String) throws -> Result
    ) throws -> Result {
        try withFolder([:]) { folder in
            let root = try Synthesis(.cub200, trainingCount: 12).write(below: folder)
            return try body(
                try DatasetName.cub200.open(root: root, split: .training), folder + "/cache")
        }
    }

    private static func cached(
        _ photos: Dataset, _ folder: String, side: Int? = nil,
        progress: @escaping PhotoCache.Progress = { _, _ in }
    ) throws -> Dataset {
        try photos.prepared(
            PhotoPreparation(shorterSide: side, cacheFolder: folder, progress: progress))
    }

    private static func images(_ dataset: Dataset) throws -> [HostTensor] {
        try (0..<dataset.count).map { try dataset.image(at: $0) }
    }

    private static func onlyFile(_ folder: String) throws -> String {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        return folder + "/" + (try #require(files.first { $0.hasSuffix(".pixels") }))
    }

    private static func batch(_ dataset: Dataset) throws -> HostTensor {
        try Loader(dataset, .training(on: .cub200, batchSize: 8, seed: 3, dropsLast: true))
            .withNextBatch { $0.imageTensor }
    }

    @Test("Without a side every pixel, label and training batch is the same as from the files")
    func full() throws {
        try Self.withPhotos { photos, folder in
            let cached = try Self.cached(photos, folder)
            #expect(try Self.images(cached) == Self.images(photos))
            #expect((0..<12).map(cached.label(at:)) == (0..<12).map(photos.label(at:)))
            #expect(try Self.batch(cached) == Self.batch(photos))
            let again = try Self.cached(photos, folder) { _, _ in
                Issue.record("a finished cache is not built again")
            }
            #expect(try Self.images(again) == Self.images(photos))
        }
    }

    @Test("With a side, larger photos have it as their shorter side and smaller ones stay")
    func side() throws {
        try Self.withPhotos { photos, folder in
            let cached = try Self.cached(photos, folder, side: 200)
            for (full, small) in zip(try Self.images(photos), try Self.images(cached)) {
                let (before, after) = (full.spec.shape, small.spec.shape)
                let shorter = min(before[1], before[2])
                #expect(min(after[1], after[2]) == min(shorter, 200))
                if shorter <= 200 { #expect(full == small) }
            }
            let shrunk = try photos.prepared(
                PhotoPreparation(shorterSide: 200, cacheFolder: nil))
            #expect(try Self.images(shrunk) == Self.images(cached), "kept or not, the same pixels")
        }
    }

    @Test("A build that was cut off goes on: what is whole stays, what is not is written again")
    func resumed() throws {
        try Self.withPhotos { photos, folder in
            _ = try Self.cached(photos, folder)
            let path = try Self.onlyFile(folder)
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            // The state after a kill: no line of the table for photo 3, and photo 5 torn.
            let line = { (index: Int) in 4_096 + 32 * index }
            for offset in line(3)..<line(4) { bytes[offset] = 0 }
            let start = (0..<8).reduce(0) { $0 | Int(bytes[line(5) + $1]) << (8 * $1) }
            bytes[start + 100] ^= 1
            try FileManager.default.removeItem(atPath: path)
            try Data(bytes).write(to: URL(fileURLWithPath: path + ".partial"))
            let counts = Counts()
            let cached = try Self.cached(photos, folder) { counts.add($0, $1) }
            #expect(counts.seen.sorted() == [11, 12], "two photos were missing")
            #expect(try Self.images(cached) == Self.images(photos))
        }
    }

    @Test("A flipped bit is refused by the photo's name, a cut file is built again")
    func damaged() throws {
        try Self.withPhotos { photos, folder in
            _ = try Self.cached(photos, folder)
            let path = try Self.onlyFile(folder)
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            var flipped = whole
            flipped[whole.count - 1] ^= 1
            try flipped.write(to: URL(fileURLWithPath: path))
            let damaged = try Self.cached(photos, folder)
            let errors = (0..<12).compactMap { index -> String? in
                do {
                    _ = try damaged.image(at: index)
                    return nil
                } catch { return "\(error)" }
            }
            #expect(errors.count == 1 && errors[0].contains("Delete this file"), "\(errors)")
            for count in [0, 100, 4_096, 5_000] {
                try whole.prefix(count).write(to: URL(fileURLWithPath: path))
                let built = try Self.cached(photos, folder)
                #expect(try Self.images(built) == Self.images(photos), "cut to \(count)")
            }
        }
    }

    @Test("Two builders at once make one sound file")
    func together() throws {
        try Self.withPhotos { photos, folder in
            let failures = Counts()
            DispatchQueue.concurrentPerform(iterations: 4) { _ in
                do {
                    let cached = try Self.cached(photos, folder, side: 128)
                    for index in 0..<12 { _ = try cached.image(at: index) }
                } catch { failures.add(1, 1) }
            }
            #expect(failures.seen.isEmpty)
        }
    }

    @Test("A photo that cannot be decoded ends the build by its name")
    func faulty() throws {
        try withFolder([:]) { folder in
            let root = try Synthesis(.cub200, layout: .folders, trainingCount: 12)
                .write(below: folder)
            try Data([1, 2, 3]).write(
                to: URL(fileURLWithPath: root + "/train/class_004/000003.jpg"))
            let photos = try DatasetName.cub200.open(root: root, split: .training)
            let error = #expect(throws: DatasetError.self) {
                try Self.cached(photos, folder + "/cache")
            }
            #expect(error?.description.contains("class_004/000003.jpg") == true)
        }
    }
}

/// `@unchecked Sendable`: the numbers are only touched under the lock.
private final class Counts: @unchecked Sendable {
    private let lock = NSLock()
    private var numbers: [Int] = []

    var seen: [Int] { lock.withLock { numbers } }
    func add(_ done: Int, _ total: Int) { lock.withLock { numbers.append(done) } }
}

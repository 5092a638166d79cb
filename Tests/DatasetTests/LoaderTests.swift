import Datasets
import Foundation
import Tensors
import Testing

@Suite("Loader")
struct LoaderTests {
    /// What a batch holds, copied.
    struct Copy: Hashable {
        let position: BatchPosition
        let images: HostTensor
        let labels: HostTensor
        let indices: [Int32]

        init(_ batch: Batch) {
            position = batch.position
            images = batch.imageTensor
            labels = batch.labelTensor
            indices = Array(batch.indices)
        }
    }

    private let dataset = drawn(count: 50)

    private func training(batchSize: Int = 16, seed: UInt64 = 1, dropsLast: Bool = true)
        -> LoaderConfiguration
    {
        .training(on: .cifar100, batchSize: batchSize, seed: seed, dropsLast: dropsLast)
    }

    private func batches(_ count: Int, _ configuration: LoaderConfiguration) throws -> [Copy] {
        let loader = try Loader(dataset, configuration)
        return try (0..<count).map { _ in try loader.withNextBatch(Copy.init) }
    }

    @Test("Batches are the same bytes whatever the threads and the depth of the ring")
    func threads() throws {
        var configuration = training(dropsLast: false)
        let reference = try batches(23, configuration)
        for (threads, depth) in [(1, 1), (2, 3), (5, 2), (3, 8)] {
            configuration.threads = threads
            configuration.depth = depth
            #expect(try batches(23, configuration) == reference, "\(threads) threads")
        }
    }

    @Test("An epoch visits every image once, in another order each time")
    func epochs() throws {
        let copies = try batches(8, training(dropsLast: false))
        let first = copies[..<4].flatMap(\.indices)
        let second = copies[4...].flatMap(\.indices)
        #expect(first.sorted() == Array(0..<50))
        #expect(second.sorted() == Array(0..<50))
        #expect(first != second)
        #expect(copies.map(\.indices.count) == [16, 16, 16, 2, 16, 16, 16, 2])
        #expect(copies[5].position == BatchPosition(epoch: 1, batch: 1))
        #expect(copies[3].images.shape == [2, 3, 32, 32])
    }

    @Test("The order of an epoch is the permutation of its own stream")
    func order() throws {
        let copies = try batches(6, training(seed: 9))
        for epoch in 0..<2 {
            var random = CounterRandom(seed: 9, stream: .order, epoch: epoch)
            let expected = random.permutation(of: 50).prefix(48)
            #expect(copies[3 * epoch..<3 * epoch + 3].flatMap(\.indices) == Array(expected))
        }
    }

    @Test("Another seed gives another order and other crops; the same gives the same")
    func seeds() throws {
        let first = try batches(3, training(seed: 1))
        #expect(try batches(3, training(seed: 1)) == first)
        #expect(try batches(3, training(seed: 2)).map(\.indices) != first.map(\.indices))
        var configuration = training(seed: 1)
        configuration.augmentationSeed = 2
        let others = try batches(3, configuration)
        #expect(others.map(\.indices) == first.map(\.indices))
        #expect(others.map(\.images) != first.map(\.images))
    }

    @Test("A run resumed anywhere continues with the batches it would have had")
    func resumption() throws {
        let whole = try batches(11, training())
        for done in [0, 1, 3, 7] {
            var configuration = training()
            configuration.start = BatchPosition(epoch: done / 3, batch: done % 3)
            #expect(try batches(11 - done, configuration) == Array(whole[done...]))
        }
    }

    @Test("Labels belong to their images")
    func labels() throws {
        for copy in try batches(3, training()) {
            let expected = copy.indices.map { Int64(dataset.label(at: Int($0))) }
            #expect(copy.labels.values(as: Int64.self) == expected)
        }
    }

    @Test("An evaluation has every image once, in order, normalized only")
    func evaluation() throws {
        let copies = try batches(2, .evaluation(of: .cifar100, batchSize: 30))
        #expect(copies.flatMap(\.indices) == Array(0..<50))
        let normalization = DatasetName.cifar100.facts.normalization
        let expected = try dataset.image(at: 30).bytes.enumerated().map { offset, pixel in
            Float(normalization.normalized(pixel, channel: offset / 1_024))
        }
        #expect(Array(copies[1].images.values(as: Float.self).prefix(3_072)) == expected)
    }

    @Test("An evaluation may have fewer images than a batch; a training may not")
    func smallSets() throws {
        let copies = try batches(2, .evaluation(of: .cifar100, batchSize: 128))
        #expect(copies.map(\.indices.count) == [50, 50])
        #expect(throws: DatasetError.batchLargerThanDataset(batchSize: 51, count: 50)) {
            try Loader(dataset, training(batchSize: 51, dropsLast: false))
        }
        #expect(try batches(1, training(batchSize: 50)).count == 1)
    }

    @Test("Impossible sizes are refused", arguments: [0, -1])
    func sizes(value: Int) {
        var configurations = Array(repeating: training(), count: 3)
        configurations[0].batchSize = value
        configurations[1].threads = value
        configurations[2].depth = value
        for configuration in configurations {
            #expect(throws: DatasetError.self) { try Loader(dataset, configuration) }
        }
    }

    @Test("An image that cannot be read is reported with its batch, and the run can go on")
    func failures() throws {
        let broken = Dataset(
            provenance: dataset.provenance, split: .training, classNames: ["one"],
            imageShape: [3, 1, 1], images: BrokenImages(count: 9, broken: 4))
        var configuration = LoaderConfiguration.evaluation(of: .cifar100, batchSize: 3)
        for threads in [1, 3] {
            configuration.threads = threads
            let loader = try Loader(broken, configuration)
            #expect(try loader.withNextBatch { Array($0.indices) } == [0, 1, 2])
            #expect(throws: BrokenImages.Failure(index: 4)) { try loader.withNextBatch { _ in } }
            #expect(try loader.withNextBatch { Array($0.indices) } == [6, 7, 8])
        }
    }

    @Test("A batch counts as consumed when its reader throws")
    func consumerFailure() throws {
        let loader = try Loader(dataset, training())
        #expect(throws: BrokenImages.Failure(index: 0)) {
            try loader.withNextBatch { _ in throw BrokenImages.Failure(index: 0) }
        }
        #expect(loader.position == BatchPosition(epoch: 0, batch: 1))
        #expect(try loader.withNextBatch { $0.position } == BatchPosition(epoch: 0, batch: 1))
    }

    @Test("No thread outlives a loader that is dropped in the middle of an epoch")
    func shutdown() throws {
        let before = Witness()
        for _ in 0..<20 {
            var configuration = LoaderConfiguration.evaluation(of: .cifar100, batchSize: 2)
            configuration.threads = 5
            let images = WitnessedImages(witness: before)
            let loader = try Loader(
                Dataset(
                    provenance: dataset.provenance, split: .test, classNames: ["one"],
                    imageShape: [3, 1, 1], images: images), configuration)
            _ = try loader.withNextBatch { $0.count }
        }
        // The last worker lets go of the images right after it reports that it is done.
        for _ in 0..<200 where before.aliveCount > 0 { Thread.sleep(forTimeInterval: 0.01) }
        #expect(before.aliveCount == 0)
    }

    @Test("A slow reader finds its batches ready; waiting is measured")
    func waiting() throws {
        let slow = Dataset(
            provenance: dataset.provenance, split: .test, classNames: ["one"],
            imageShape: [3, 1, 1], images: SlowImages())
        let loader = try Loader(slow, .evaluation(of: .cifar100, batchSize: 1))
        try loader.withNextBatch { _ in }
        #expect(loader.waitingSeconds >= 0.02)
        #expect(loader.waitingSeconds < 30)
    }
}

private struct BrokenImages: ImageStorage {
    struct Failure: Error, Equatable { let index: Int }

    let count: Int
    let broken: Int

    func label(at index: Int) -> Int { 0 }

    func withImage(at index: Int, _ body: (ImagePlanes) -> Void) throws {
        if index == broken { throw Failure(index: index) }
        black(body)
    }
}

private struct SlowImages: ImageStorage {
    let count = 4

    func label(at index: Int) -> Int { 0 }

    func withImage(at index: Int, _ body: (ImagePlanes) -> Void) {
        Thread.sleep(forTimeInterval: 0.03)
        black(body)
    }
}

/// Counts the storages that are alive. `@unchecked Sendable`: the count is only touched under the
/// lock.
private final class Witness: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0

    var aliveCount: Int { lock.withLock { count } }
    func add(_ change: Int) { lock.withLock { count += change } }
}

/// Alive as long as a worker could still read it.
private final class WitnessedImages: ImageStorage {
    private let witness: Witness
    let count = 1_000

    init(witness: Witness) {
        self.witness = witness
        witness.add(1)
    }

    deinit { witness.add(-1) }

    func label(at index: Int) -> Int { 0 }

    func withImage(at index: Int, _ body: (ImagePlanes) -> Void) { black(body) }
}

private func black(_ body: (ImagePlanes) -> Void) {
    [0, 0, 0].withUnsafeBufferPointer {
        body(ImagePlanes(pixels: $0, channels: 3, height: 1, width: 1))
    }
}

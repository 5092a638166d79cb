import Datasets
import Foundation
import Tensors
import Testing

/// Every photo set in every layout, from the writer through the reader to a batch.
@Suite("Synthesized photo sets")
struct PhotoSynthesisTests {
    private static let sets: [(DatasetName, SyntheticLayout)] = DatasetName.allCases.filter {
        $0.kind == .photos
    }.flatMap { name in SyntheticLayout.layouts(of: name).map { (name, $0) } }

    private static func withStandIn<Result>(
        _ name: DatasetName, _ layout: SyntheticLayout = .official, count: Int = 12,
        seed: UInt64 = 0, _ body: (String) throws -> Result
    ) throws -> Result {
        try withFolder([:]) { folder in
            try body(
                try Synthesis(name, layout: layout, trainingCount: count, seed: seed)
                    .write(below: folder))
        }
    }

    @Test("Each is found in its layout, synthetic, with its images in order", arguments: sets)
    func found(name: DatasetName, layout: SyntheticLayout) throws {
        try Self.withStandIn(name, layout) { folder in
            let location = try name.locate(root: folder)
            let provenance = location.provenance
            #expect(provenance.isSynthetic && !provenance.isSubset)
            let hasLists = layout == .official && SyntheticLayout.layouts(of: name).count > 1
            #expect(provenance.format == (hasLists ? .archiveLists : .imageFolder))
            for (split, count) in [(Split.training, 12), (.test, 6)] {
                let dataset = try location.read(split)
                #expect(dataset.count == count)
                let labels = (0..<count).map { dataset.label(at: $0) }
                #expect(labels == labels.sorted())
                let drawn = (0..<count).map { $0 % min(name.facts.classCount, 12) }.sorted()
                #expect(labels == drawn)
                for index in 0..<count {
                    #expect(try dataset.image(at: index).spec.shape[0] == 3)
                }
            }
            // Whatever part of the tree is given, it is marked.
            if let inner = provenance.folder {
                #expect(try name.locate(root: inner).provenance.isSynthetic)
            }
        }
    }

    @Test("Each fills a batch as its protocol prepares it", arguments: sets)
    func batch(name: DatasetName, layout: SyntheticLayout) throws {
        try Self.withStandIn(name, layout) { folder in
            let training = try name.open(root: folder, split: .training)
            let test = try name.open(root: folder, split: .test)
            let loaders = [
                try Loader(
                    training, .training(on: name, batchSize: 4, seed: 1, dropsLast: true)),
                try Loader(test, .evaluation(of: name, batchSize: 4)),
            ]
            for loader in loaders {
                try loader.withNextBatch { batch in
                    let shape = name.facts.imageShape
                    #expect(batch.imageSpec.shape == [4, 3, shape[1], shape[2]])
                    let pixels = batch.images.bindMemory(to: Float.self)
                    #expect(pixels.allSatisfy { $0.isFinite })
                    #expect((pixels.max() ?? 0) - (pixels.min() ?? 0) > 0.5, "not one colour")
                }
            }
        }
    }

    @Test("PNG keeps the drawn bytes; a seed gives the same files, another seed others")
    func contents() throws {
        let digests = try [(0, 1), (0, 2), (7, 3)].map { seed, _ in
            try Self.withStandIn(.horsesOrHumans, seed: UInt64(seed)) { folder in
                let drawn = DatasetName.horsesOrHumans.standIn(split: .training, count: 12)
                let read = try DatasetName.horsesOrHumans.open(root: folder, split: .training)
                // Drawn image 0 is the first horse; 1 is the first human, behind all six horses.
                if seed == 0 { #expect(try read.image(at: 6) == drawn.image(at: 1)) }
                return try DataVerifier(.horsesOrHumans, root: folder).verify().contentDigest
            }
        }
        #expect(digests[0] == digests[1])
        #expect(digests[0] != digests[2])
    }

    @Test("A stand-in is sound; cut, doubled and contradictory images are named")
    func verification() throws {
        try Self.withStandIn(.cub200, .folders) { folder in
            let sound = try DataVerifier(.cub200, root: folder).verify()
            #expect(sound.isSound, "\(sound.faults)")
            #expect(sound.trainingCount == 12 && sound.testCount == 6)
            #expect(sound.notes.contains { $0.contains("12 training images where") })
            let photo = { (path: String) in URL(fileURLWithPath: "\(folder)/\(path).jpg") }
            let first = photo("train/class_001/000000")
            let bytes = try Data(contentsOf: first)
            try bytes.write(to: photo("train/class_002/copy"))
            try bytes.write(to: photo("val/class_001/copy"))
            try bytes.prefix(bytes.count / 2).write(to: photo("train/class_003/000002"))
            try Data("GIF89a".utf8).write(to: photo("train/class_004/000003"))
            let damaged = try DataVerifier(.cub200, root: folder).verify()
            #expect(damaged.faults.count == 2)
            #expect(damaged.faults.contains { $0.contains("class_003/000002.jpg") })
            #expect(damaged.faults.contains { $0.contains("class_004/000003.jpg") })
            for words in ["more than once", "in training and in the test", "more than one class"] {
                #expect(damaged.notes.contains { $0.hasPrefix("1 images") && $0.contains(words) })
            }
            #expect(damaged.contentDigest != sound.contentDigest)
        }
    }

    @Test("An archive beside the data is compared with its published digest")
    func archive() throws {
        try Self.withStandIn(.cub200) { folder in
            try Data("not it".utf8).write(
                to: URL(fileURLWithPath: "\(folder)/CUB_200_2011.tgz"))
            let found = try DataVerifier(.cub200, root: folder).verify()
            #expect(found.faults.count == 1 && found.faults[0].contains("CUB_200_2011.tgz"))
        }
    }
}

import Datasets
import Foundation
import Testing

@Suite("Synthesized CIFAR files")
struct CIFARSynthesisTests {
    private static func withStandIn<Result>(
        _ name: DatasetName, _ layout: SyntheticLayout, seed: UInt64 = 0,
        _ body: (String) throws -> Result
    ) throws -> Result {
        try withFolder([:]) { folder in
            try body(
                try Synthesis(name, layout: layout, trainingCount: 23, seed: seed)
                    .write(below: folder))
        }
    }

    @Test("Both formats read back the same drawn images", arguments: [DatasetName.cifar10, .cifar100])
    func formats(name: DatasetName) throws {
        let read = { (folder: String) in
            try Split.allCases.map { split in
                let dataset = try name.open(root: folder, split: split)
                return try (0..<dataset.count).map {
                    (try dataset.image(at: $0), dataset.label(at: $0))
                }
            }
        }
        let binary = try Self.withStandIn(name, .official, read)
        let pickled = try Self.withStandIn(name, .pickle, read)
        #expect(binary.map(\.count) == [23, 11])
        for (first, second) in zip(binary.joined(), pickled.joined()) {
            #expect(first.0 == second.0 && first.1 == second.1)
        }
        #expect(binary[0].map(\.1) == (0..<23).map { $0 % name.facts.classCount })
        // The oracle: the stand-ins that are drawn in memory.
        let drawn = name.standIn(split: .test, count: 11)
        #expect(try binary[1].map(\.0) == (0..<11).map { try drawn.image(at: $0) })
    }

    @Test("Stand-ins are synthetic, wherever the path points, and seeds tell them apart")
    func provenance() throws {
        let inner = "/cifar-10-batches-bin"
        let identities = try [UInt64(0), 1].map { seed in
            try Self.withStandIn(.cifar10, .official, seed: seed) { folder in
                let places = try ["", inner].map {
                    try DatasetName.cifar10.locate(root: folder + $0).provenance
                }
                #expect(places.allSatisfy { $0.isSynthetic && !$0.isSubset && !$0.isOfficial })
                #expect(places[0].identity == places[1].identity)
                try FileManager.default.removeItem(
                    atPath: folder + inner + "/" + SyntheticMarker.fileName)
                let provenance = try DatasetName.cifar10.locate(root: folder).provenance
                #expect(provenance.isSynthetic, "the outer marker is enough")
                return places[0].identity
            }
        }
        #expect(identities[0].contains("stand-in") && identities[0] != identities[1])
    }

    @Test("A marker that is damaged still marks")
    func damagedMarker() throws {
        try Self.withStandIn(.cifar10, .pickle) { folder in
            let inner = folder + "/cifar-10-batches-py"
            for place in [folder, inner] {
                try Data("{".utf8).write(
                    to: URL(fileURLWithPath: "\(place)/\(SyntheticMarker.fileName)"))
            }
            #expect(try DatasetName.cifar10.locate(root: inner).provenance.isSynthetic)
        }
    }

    @Test("What cannot be written is refused: nothing to stand in for, no such layout, a full place")
    func refusals() throws {
        #expect(throws: DatasetError.notSynthesized(.shapes, .official)) {
            try Synthesis(.shapes)
        }
        #expect(throws: DatasetError.notSynthesized(.imagenet, .pickle)) {
            try Synthesis(.imagenet, layout: .pickle)
        }
        #expect(throws: DatasetError.self) { try Synthesis(.cifar10, trainingCount: 4) }
        try withFolder(["cifar10/mine.txt": [1]]) { folder in
            #expect(throws: DatasetError.self) {
                try Synthesis(.cifar10, trainingCount: 5).write(below: folder)
            }
            #expect(FileManager.default.contents(atPath: folder + "/cifar10/mine.txt") == Data([1]))
        }
    }
}

import Datasets
import Tensors
import Testing

@Suite("Drawn images")
struct ShapesTests {
    private static let training = try? DatasetName.shapes.open(root: nil, split: .training)
    private static let test = try? DatasetName.shapes.open(root: nil, split: .test)

    @Test("Every class is drawn equally often in both splits")
    func balance() throws {
        for (dataset, count) in [(Self.training, 4_000), (Self.test, 1_000)] {
            let dataset = try #require(dataset)
            #expect(dataset.count == count)
            let counts = Dictionary(grouping: 0..<count) { dataset.label(at: $0) }
            #expect(counts.count == 10)
            #expect(counts.values.allSatisfy { $0.count == count / 10 })
        }
    }

    /// The digests are what the first release drew: results of different versions of the program
    /// may be compared only while they stay.
    @Test("The images are those of every other machine and every earlier version")
    func digests() throws {
        #expect(try digest(#require(Self.training), 0..<64) == "49f38b3066ccf2dc")
        #expect(try digest(#require(Self.test), 0..<64) == "ef1492c5865fcdec")
    }

    @Test("No two images are the same, within a split and across")
    func differences() throws {
        var images: Set<[UInt8]> = []
        for dataset in [try #require(Self.training), try #require(Self.test)] {
            for index in 0..<dataset.count { images.insert(try dataset.image(at: index).bytes) }
        }
        #expect(images.count == 5_000)
    }

    @Test("Colours, brightness and noise vary from image to image and fill the range")
    func variation() throws {
        let dataset = try #require(Self.training)
        let means = try (0..<200).map { index in
            try dataset.image(at: index).doubles().reduce(0, +) / 3_072
        }
        #expect((means.max() ?? 0) - (means.min() ?? 0) > 60)
        let all = try (0..<200).flatMap { try dataset.image(at: $0).bytes }
        #expect(all.contains(0) && all.contains(255))
        #expect(Set(all).count == 256)
    }

    @Test("The set is marked as synthetic, and its identity is its version")
    func provenance() throws {
        let provenance = try DatasetName.shapes.locate(root: nil).provenance
        #expect(provenance.isSynthetic && !provenance.isSubset)
        #expect(provenance.identity == "shapes:1")
        #expect("\(provenance)" == "shapes (synthetic, drawn in memory)")
    }

    @Test(
        "A stand-in has the real size and classes, and says what it is",
        arguments: DatasetName.allCases)
    func standIns(name: DatasetName) throws {
        let dataset = name.standIn(split: .training, count: 3)
        #expect(dataset.imageShape == name.facts.imageShape)
        #expect(dataset.classCount == name.facts.classCount)
        #expect(dataset.provenance.isSynthetic && !dataset.provenance.isOfficial)
        #expect("\(dataset.provenance)".contains("synthetic stand-in"))
        #expect(dataset.provenance.identity != name.facts.declaredIdentity)
        let loader = try Loader(
            dataset, .training(on: name, batchSize: 2, seed: 0, dropsLast: true))
        let (images, labels) = try loader.withNextBatch { ($0.imageTensor, $0.labelTensor) }
        #expect(images.shape == Shape([2] + name.facts.imageShape.dimensions))
        #expect(Set(images.values(as: Float.self)).count > 50)
        #expect(
            labels.values(as: Int64.self).allSatisfy {
                (0..<name.facts.classCount).contains(Int($0))
            })
    }

    private func digest(_ dataset: Dataset, _ indices: Range<Int>) throws -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in indices {
            for byte in try dataset.image(at: index).bytes {
                hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
            }
        }
        return String(hash, radix: 16)
    }
}

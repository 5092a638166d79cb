import Datasets
import Foundation
import Tensors
import Testing

/// Small real subsets that may lie beside the project; absent on most machines.
private let realData = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("shared/data")

private func isPresent(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: realData.appendingPathComponent(folder).path)
}

@Suite("Real CIFAR subsets")
struct RealDataTests {
    @Test(
        "CIFAR-10 is the same in both formats",
        .enabled(if: isPresent("cifar-10"), "there is no ../shared/data/cifar-10 here"))
    func cifar10() throws {
        try expectEqualFormats(
            .cifar10, "cifar-10", "cifar-10-batches-bin", "cifar-10-batches-py",
            training: 3_264, test: 609)
    }

    @Test(
        "CIFAR-100 is the same in both formats",
        .enabled(if: isPresent("cifar-100"), "there is no ../shared/data/cifar-100 here"))
    func cifar100() throws {
        try expectEqualFormats(
            .cifar100, "cifar-100", "cifar-100-binary", "cifar-100-python",
            training: 669, test: 546)
    }

    /// The counts are those of the subsets' own description.
    private func expectEqualFormats(
        _ name: DatasetName, _ parent: String, _ binary: String, _ pickled: String,
        training: Int, test: Int
    ) throws {
        let root = realData.appendingPathComponent(parent)
        for (split, count) in [(Split.training, training), (.test, test)] {
            let first = try name.open(root: root.appendingPathComponent(binary).path, split: split)
            let second = try name.open(
                root: root.appendingPathComponent(pickled).path, split: split)
            #expect(first.provenance.format == .cifarBinary)
            #expect(second.provenance.format == .cifarPickle)
            #expect(first.provenance.isSubset)
            #expect(first.count == count)
            try #require(second.count == count)
            for index in 0..<count {
                #expect(try first.image(at: index) == second.image(at: index))
                #expect(first.label(at: index) == second.label(at: index))
            }
        }
    }
}

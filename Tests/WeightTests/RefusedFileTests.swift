import Foundation
import Testing
import Weights

/// Files that PyTorch wrote and that must not be read, with what their refusal says.
@Suite("Refused files of weights")
struct RefusedFileTests {
    static let refusals: [(file: String, says: [String])] = [
        ("legacy.pth", ["before version 1.6", "torch.save(torch.load("]),
        ("pickle.pkl", ["a bare pickle"]),
        ("module.pth", ["torch.nn.modules.container.Sequential", "Nothing of it was run"]),
        ("namespace.pth", ["argparse.Namespace", "torch.save(model.state_dict(), FILE)"]),
        ("numpy.pth", ["numpy"]),
        ("shell.pth", ["posix.system"]),
        ("evaluation.pth", ["__builtin__.eval"]),
        ("empty.pth", ["holds no tensors", "epoch"]),
        ("list.pth", ["no dictionary of tensors"]),
        ("int16.pth", ["'w' is of int16"]),
        ("sparse.pth", ["_rebuild_sparse_tensor"]),
        ("bomb.pth", ["more elements than the file has bytes"]),
        ("script.pt", ["TorchScript", "state_dict()"]),
        ("deflated.pth", ["is compressed or encrypted"]),
        ("other.zip", ["without a data.pkl"]),
        ("missing.pth", ["'conv1.weight' lies in 'network/data/0'"]),
        ("short.pth", ["'network/data/0' has 4 bytes, not 108 elements of float32"]),
        ("big.pth", ["big-endian"]),
    ]

    @Test("The refusal names the file, what is wrong and what to do", arguments: refusals)
    func refused(_ refusal: (file: String, says: [String])) {
        let path = WeightSamples.path("refused/\(refusal.file)")
        let error = #expect(throws: WeightsError.self) { try WeightsFile(path: path) }
        let text = error?.description ?? ""
        #expect(text.hasPrefix(path))
        for words in refusal.says { #expect(text.contains(words), "\(text)") }
    }

    /// What Python's own disassembler shows of the pickle, behind the entry's header.
    @Test("The refusal of a call names its offset in the file")
    func offset() throws {
        let bytes = try WeightSamples.bytes("refused/shell.pth")
        let name = Array("cposix\nsystem\n".utf8)
        let offset = try #require(bytes.firstRange(of: name)).lowerBound
        let error = #expect(throws: WeightsError.self) {
            try WeightsFile(path: WeightSamples.path("refused/shell.pth"))
        }
        #expect(error?.description.contains("offset \(offset):") == true, "\(offset)")
    }

    @Test(
        "Old archives, other formats and things that are no files",
        arguments: [
            ([0x1F, 0x8B, 8], "gzip"), ([0x89, 0x48, 0x44, 0x46], "HDF5"),
            (Array(repeating: 0, count: 257) + Array("ustar".utf8), "tar archive"),
            ([], "0 bytes"), (Array("PK".utf8) + [3, 4], "no end"),
        ] as [([UInt8], String)])
    func others(bytes: [UInt8], says: String) throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("gc-bench-\(UUID().uuidString)").path
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let error = #expect(throws: WeightsError.self) { try WeightsFile(path: path) }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
    }

    @Test("A folder, a device and a missing file", arguments: ["/", "/dev/zero", "/nothing"])
    func noFiles(path: String) {
        #expect(throws: WeightsError.self) { try WeightsFile(path: path) }
    }
}

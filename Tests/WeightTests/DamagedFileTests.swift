import Foundation
import Pickles
import Tensors
import Testing
import Weights

/// Damage never crashes a reader, and never goes unnoticed where it changes a number.
@Suite("Damaged files of weights")
struct DamagedFileTests {
    private static let files = ["network.pth", "views.pth", "network.safetensors"]

    private func tensors(_ bytes: [UInt8]) -> [String: HostTensor]? {
        try? WeightsFile(decoding: bytes, path: "t").tensors
    }

    @Test("A file that is cut off anywhere is refused", arguments: files)
    func truncation(name: String) throws {
        let bytes = try WeightSamples.bytes(name)
        for count in bytes.indices {
            #expect(tensors(Array(bytes[..<count])) == nil, "\(count) of \(bytes.count) bytes")
        }
    }

    /// ZIP has a checksum of every entry; what it does not cover says where entries are.
    @Test("A PyTorch file with one changed byte is refused or read as it was")
    func flips() throws {
        let bytes = try WeightSamples.bytes("network.pth")
        let original = try #require(tensors(bytes))
        for place in bytes.indices {
            for mask: UInt8 in [1, 0x80, 0xFF] {
                var damaged = bytes
                damaged[place] ^= mask
                let read = tensors(damaged)
                #expect(read == nil || read == original, "byte \(place) ^ \(mask)")
            }
        }
    }

    @Test("Thousands of mutated files", arguments: files + ["checkpoint.pth"])
    func mutations(name: String) throws {
        let bytes = try WeightSamples.bytes(name)
        for index in 0..<4_000 {
            var random = CounterRandom(seed: 11, stream: .test, index: index)
            _ = tensors(mutated(bytes, &random))
        }
    }

    /// The checksum would hide the pickle from mutations of a whole file.
    @Test("Thousands of mutated pickles of tensors keep every view inside its storage")
    func pickles() throws {
        let archive = try ZipArchive(try WeightSamples.bytes("views.pth"))
        let pickle = Array(try archive.contents(of: "views/data.pkl"))
        for index in 0..<20_000 {
            var random = CounterRandom(seed: 12, stream: .test, index: index)
            let damaged = mutated(pickle, &random)
            guard let read = try? Pickle(damaged, holding: .tensors) else { continue }
            for (_, value) in read.entries(read.root) ?? [] {
                guard let tensor = read.tensor(value), !tensor.shape.contains(0) else { continue }
                let last = zip(tensor.shape, tensor.strides)
                    .reduce(tensor.offset) { $0 + ($1.0 - 1) * $1.1 }
                #expect((0..<tensor.storage.count).contains(last))
            }
        }
    }

    @Test("A CIFAR file may hold no tensor, and a file of weights no numpy array")
    func vocabularies() throws {
        let archive = try ZipArchive(try WeightSamples.bytes("network.pth"))
        let pickle = Array(try archive.contents(of: "network/data.pkl"))
        #expect(throws: PickleError.self) { try Pickle(pickle, holding: .imageArrays) }
        let numpy = [0x80, 2] + Array("cnumpy\ndtype\n.".utf8)
        #expect(throws: PickleError.self) { try Pickle(numpy, holding: .tensors) }
        _ = try Pickle(numpy, holding: .imageArrays)
    }

    private func mutated(_ original: [UInt8], _ random: inout CounterRandom) -> [UInt8] {
        var bytes = original
        for _ in 0...random.integer(below: 4) {
            let place = random.integer(below: bytes.count)
            switch random.integer(below: 4) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF][random.integer(below: 5)]
            case 2: bytes[place] ^= 1 << UInt8(random.integer(below: 8))
            default: bytes[place] = bytes[random.integer(below: bytes.count)]
            }
        }
        if random.integer(below: 8) == 0 { bytes.removeLast(random.integer(below: bytes.count)) }
        return bytes
    }
}

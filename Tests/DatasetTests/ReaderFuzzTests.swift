import Datasets
import Pickles
import Tensors
import Testing

/// Random damage never crashes a reader: it reads the file or throws, and what it reads is sound.
@Suite("Damaged files")
struct ReaderFuzzTests {
    @Test("Thousands of mutated pickles", arguments: PickleSamples.documents.keys.sorted())
    func pickles(name: String) throws {
        let original = try #require(PickleSamples.documents[name])
        for index in 0..<2_000 {
            var random = CounterRandom(seed: 7, stream: .test, index: index)
            guard let pickle = try? Pickle(mutated(original, &random), holding: .imageArrays) else {
                continue
            }
            for key in ["data", "labels"] {
                guard let value = pickle.value(forKey: key) else { continue }
                _ = pickle.list(value)
                guard let array = pickle.array(value) else { continue }
                #expect(pickle.elements(of: array).count == array.shape.reduce(1, *))
            }
        }
    }

    @Test("Random instructions")
    func programs() {
        // Opcodes and small operands, so that programs get far; most end in an error.
        let alphabet =
            Array("(NKMJUTXB)t]ae}suqrhjcRb.".utf8) + [0x80, 0x85, 0x86, 0x87, 0x94, 0x93]
            + Array(0...6)
        for index in 0..<20_000 {
            var random = CounterRandom(seed: 8, stream: .test, index: index)
            let length = random.integer(below: 40)
            let program = (0..<length).map { _ in alphabet[random.integer(below: alphabet.count)] }
            _ = try? Pickle([0x80, 2] + program, holding: .imageArrays)
        }
    }

    @Test("Mutated CIFAR files keep pixels and labels in step", arguments: [true, false])
    func cifar(isBinary: Bool) {
        let original = isBinary ? CIFARSamples.binary(0..<2) : CIFARSamples.pickle(0..<2)
        for index in 0..<1_000 {
            var random = CounterRandom(seed: 9, stream: .test, index: index)
            let bytes = mutated(original, &random)
            var rows = CIFARRows()
            if isBinary {
                try? CIFARBinary.read(bytes, path: "t", variant: .cifar10, into: &rows)
            } else {
                try? CIFARPickle.read(bytes, path: "t", variant: .cifar10, into: &rows)
                #expect(rows.pixels.count == rows.labels.count * 3_072)
            }
            #expect(rows.labels.allSatisfy { $0 < 10 })
        }
    }

    /// Some bytes replaced (mostly near the ends, where the structure is), perhaps cut or extended.
    private func mutated(_ original: [UInt8], _ random: inout CounterRandom) -> [UInt8] {
        var bytes = original
        for _ in 0...random.integer(below: 4) {
            let reach = random.integer(below: 2) == 0 ? min(bytes.count, 200) : bytes.count
            let offset = random.integer(below: reach)
            let position = random.integer(below: 2) == 0 ? offset : bytes.count - 1 - offset
            bytes[position] = UInt8(truncatingIfNeeded: random.next())
        }
        switch random.integer(below: 8) {
        case 0: bytes.removeLast(random.integer(below: bytes.count))
        case 1: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: bytes.count / 2)
        case 2: bytes.remove(at: random.integer(below: bytes.count))
        case _: break
        }
        return bytes
    }
}

import Graphs
import Tensors
import Testing

@Suite("Layouts")
struct LayoutTests {
    static let notations = [
        "a", "ab", "ba", "abcd", "acdb", "bcda", "aBcd16b", "ABcd16b16a", "aBcd8b", "Abcd16a",
        "ABcd8b16a2b", "BAcd16a16b", "Acdb16a", "aBcde4b",
    ]

    @Test("The notation reads back as it was written", arguments: notations)
    func notation(text: String) throws {
        #expect(try #require(Layout(text)).description == text)
    }

    @Test(
        "What is not of the notation is refused",
        arguments: [
            "aa", "b", "abd", "a16", "ab16", "aB", "aB16c", "ab16b", "AB16b", "aB0b", "aB-1b",
            "a b",
            "ä", "aBcd16", "a0b", "aB016b", "aBcd16b!",
        ])
    func malformed(text: String) {
        #expect(Layout(text) == nil)
    }

    /// Oracle: the definition: memory is row-major over the outer axes in order, then the blocks.
    @Test("Offset tables equal index arithmetic", arguments: notations)
    func offsets(text: String) throws {
        let layout = try #require(Layout(text))
        var random = CounterRandom(seed: 0, stream: .test, name: text)
        for _ in 0..<5 {
            let shape = Shape((0..<layout.rank).map { _ in 1 + random.integer(below: 19) })
            let tables = layout.offsetTables(of: shape)
            for _ in 0..<50 {
                let index = shape.dimensions.map { random.integer(below: $0) }
                let offset = zip(tables, index).reduce(0) { $0 + $1.0[$1.1] }
                #expect(offset == naiveOffset(of: index, in: layout, shape))
            }
        }
    }

    private func naiveOffset(of index: [Int], in layout: Layout, _ shape: Shape) -> Int {
        // Digit by digit from the outside: each axis first in units of its whole block, then what
        // is left in units of the next smaller block.
        var rest = index
        var unit = (0..<layout.rank).map(layout.blockSize)
        var offset = 0
        for axis in layout.order {
            let extent = layout.paddedShape(of: shape)[axis] / unit[axis]
            offset = offset * extent + rest[axis] / unit[axis]
            rest[axis] %= unit[axis]
        }
        for block in layout.blocks {
            unit[block.axis] /= block.size
            offset = offset * block.size + rest[block.axis] / unit[block.axis]
            rest[block.axis] %= unit[block.axis]
        }
        return offset
    }

    @Test(
        "A tensor survives the way into a layout and back, with zeros in the padding",
        arguments: notations)
    func conversion(text: String) throws {
        let layout = try #require(Layout(text))
        let shape = Shape((0..<layout.rank).map { [3, 17, 2, 5, 2][$0] })
        let tensor = HostTensor((0..<shape.count).map { Float($0 + 1) }, shape: shape)
        let bytes = LayoutConversion.bytes(of: tensor, in: layout)
        #expect(bytes.count == layout.paddedShape(of: shape).count * 4)
        #expect(LayoutConversion.tensor(tensor.spec, from: bytes, in: layout) == tensor)
        let stored = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        #expect(stored.filter { $0 != 0 }.sorted() == tensor.values(as: Float.self))
    }

    @Test("A scalar has one offset and converts to itself")
    func scalar() {
        let layout = Layout.rowMajor(rank: 0)
        #expect(layout.byteCount(of: TensorSpec(.scalar, .float64)) == 8)
        let tensor = HostTensor([2.5], shape: .scalar)
        #expect(LayoutConversion.bytes(of: tensor, in: layout) == tensor.bytes)
    }
}

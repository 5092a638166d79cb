/// Writes a CIFAR batch as Python 2's cPickle and numpy 1 did: protocol 2, byte strings, no memo.
package struct PickleWriter {
    package private(set) var bytes: [UInt8] = [0x80, 2]

    package init() {}

    private mutating func write(_ opcode: PickleOpcode) { bytes.append(opcode.rawValue) }

    /// A dictionary; each value is written by its closure.
    package mutating func dictionary(_ entries: [(key: String, write: (inout PickleWriter) -> Void)]) {
        write(.emptyDict)
        write(.mark)
        for entry in entries {
            string(Array(entry.key.utf8))
            entry.write(&self)
        }
        write(.setItems)
    }

    package mutating func string(_ text: [UInt8]) {
        if text.count < 256 {
            write(.shortBinString)
            bytes.append(UInt8(text.count))
        } else {
            write(.binString)
            littleEndian(text.count, byteCount: 4)
        }
        bytes += text
    }

    package mutating func list<Elements: Sequence>(
        _ elements: Elements, _ element: (inout PickleWriter, Elements.Element) -> Void
    ) {
        write(.emptyList)
        write(.mark)
        for value in elements { element(&self, value) }
        write(.appends)
    }

    package mutating func integer(_ value: Int) {
        switch value {
        case 0..<256:
            write(.binInt1)
            bytes.append(UInt8(value))
        case 256..<65_536:
            write(.binInt2)
            littleEndian(value, byteCount: 2)
        default:
            write(.binInt)
            littleEndian(value, byteCount: 4)
        }
    }

    /// A uint8 array `[rows, columns]`, row by row.
    package mutating func array(_ elements: [UInt8], rows: Int, columns: Int) {
        global("numpy.core.multiarray", "_reconstruct")
        global("numpy", "ndarray")
        integer(0)
        write(.tuple1)
        string([UInt8(ascii: "b")])
        write(.tuple3)
        write(.reduce)
        write(.mark)
        integer(1)
        integer(rows)
        integer(columns)
        write(.tuple2)
        byteType()
        write(.newFalse)
        string(elements)
        write(.tuple)
        write(.build)
    }

    package mutating func end() { write(.stop) }

    private mutating func byteType() {
        global("numpy", "dtype")
        string(Array("u1".utf8))
        integer(0)
        integer(1)
        write(.tuple3)
        write(.reduce)
        write(.mark)
        integer(3)
        string([UInt8(ascii: "|")])
        for _ in 0..<3 { write(.none) }
        integer(-1)
        integer(-1)
        integer(0)
        write(.tuple)
        write(.build)
    }

    private mutating func global(_ module: String, _ attribute: String) {
        write(.global)
        bytes += Array("\(module)\n\(attribute)\n".utf8)
    }

    private mutating func littleEndian(_ value: Int, byteCount: Int) {
        bytes += (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

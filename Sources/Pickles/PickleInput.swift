/// The bytes of a pickle, read from front to back. Nothing is taken that is not there.
struct PickleInput {
    let bytes: [UInt8]
    private(set) var position = 0
    /// Where the instruction that is carried out starts.
    private var start = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var remainingCount: Int { bytes.count - position }

    /// The byte of the next instruction, whose offset all errors name from now on.
    mutating func opcode() throws(PickleError) -> UInt8 {
        start = position
        return UInt8(try number(byteCount: 1))
    }

    func error(_ reason: PickleError.Reason) -> PickleError {
        PickleError(reason: reason, offset: start)
    }

    /// The next bytes, as a range of the file.
    mutating func take(_ count: Int) throws(PickleError) -> Range<Int> {
        guard count >= 0, count <= remainingCount else {
            throw error(.truncated(needed: count, available: remainingCount))
        }
        defer { position += count }
        return position..<position + count
    }

    /// An unsigned little-endian number; one of 8 bytes beyond `Int` comes out negative.
    mutating func number(byteCount: Int) throws(PickleError) -> Int {
        let range = try take(byteCount)
        return Int(
            truncatingIfNeeded: bytes[range].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        )
    }

    /// Bytes that follow their own number.
    mutating func counted(byteCount: Int) throws(PickleError) -> Range<Int> {
        let count = try number(byteCount: byteCount)
        guard count >= 0 else { throw error(.malformed("a length is beyond 64 bits")) }
        return try take(count)
    }

    /// A signed little-endian integer of at most eight bytes.
    mutating func long() throws(PickleError) -> Int {
        let range = try counted(byteCount: 1)
        guard range.count <= 8 else { throw error(.malformed("an integer is beyond 64 bits")) }
        let isNegative = bytes[range].last.map { $0 >= 0x80 } ?? false
        let bits = bytes[range].reversed().reduce(isNegative ? UInt64.max : 0) {
            $0 << 8 | UInt64($1)
        }
        return Int(truncatingIfNeeded: bits)
    }

    /// A float64, most significant byte first.
    mutating func real() throws(PickleError) -> Double {
        let range = try take(8)
        return Double(bitPattern: bytes[range].reduce(0 as UInt64) { $0 << 8 | UInt64($1) })
    }

    /// The text up to the end of the line, as `GLOBAL` writes names.
    mutating func line() throws(PickleError) -> String {
        guard let end = bytes[position...].prefix(1_000).firstIndex(of: 0x0A) else {
            throw error(.malformed("a name has no end"))
        }
        defer { position = end + 1 }
        return try text(position..<end)
    }

    func text(_ range: Range<Int>) throws(PickleError) -> String {
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw error(.malformed("a text is no UTF-8"))
        }
        return text
    }
}

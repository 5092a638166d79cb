/// Little-endian fields, read from front to back. Nothing is taken that is not there.
struct ZipFields {
    private let bytes: [UInt8]
    private var position: Int

    init(_ bytes: [UInt8], at position: Int) {
        self.bytes = bytes
        self.position = position
    }

    mutating func skip(_ count: Int) { position += count }

    /// The next bytes, as a range of the file.
    mutating func take(_ count: Int) throws(WeightsProblem) -> Range<Int> {
        guard position >= 0, position <= bytes.count, count <= bytes.count - position else {
            throw .archive("the archive is cut off", at: position)
        }
        defer { position += count }
        return position..<position + count
    }

    /// An unsigned number of at most eight bytes.
    mutating func number(_ byteCount: Int) throws(WeightsProblem) -> Int {
        let start = position
        let value = bytes[try take(byteCount)].reversed().reduce(0 as UInt64) {
            $0 << 8 | UInt64($1)
        }
        guard let number = Int(exactly: value) else {
            throw .archive("a length is beyond 64 bits", at: start)
        }
        return number
    }

    mutating func text(_ byteCount: Int) throws(WeightsProblem) -> String {
        let range = try take(byteCount)
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw .archive("a name is no UTF-8", at: range.lowerBound)
        }
        return text
    }
}

/// How large an entry is and where it starts; what does not fit into 32 bits stands in an extra
/// field.
struct ZipExtents {
    var stored: Int
    var unpacked: Int
    var headerOffset = 0

    init(stored: Int, unpacked: Int) {
        self.stored = stored
        self.unpacked = unpacked
    }

    private static let wide = Int(UInt32.max)

    /// Takes what is too large from the 64-bit extra field, in the order in which the field has it.
    mutating func widen(from extra: Range<Int>, of bytes: [UInt8]) throws(WeightsProblem) {
        var fields = ZipFields(bytes, at: extra.lowerBound)
        var place = extra.lowerBound
        while place + 4 <= extra.upperBound {
            let (kind, count) = (try fields.number(2), try fields.number(2))
            guard count <= extra.upperBound - place - 4 else {
                throw .archive("an extra field is cut off", at: place)
            }
            if kind == 1 { try widen(from: fields) }
            fields.skip(count)
            place += 4 + count
        }
        guard ![stored, unpacked, headerOffset].contains(Self.wide) else {
            throw .archive("an entry has no 64-bit length", at: extra.lowerBound)
        }
    }

    private mutating func widen(from field: ZipFields) throws(WeightsProblem) {
        var field = field
        if unpacked == Self.wide { unpacked = try field.number(8) }
        if stored == Self.wide { stored = try field.number(8) }
        if headerOffset == Self.wide { headerOffset = try field.number(8) }
    }
}

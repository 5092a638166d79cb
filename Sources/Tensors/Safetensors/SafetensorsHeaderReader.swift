/// Reads the header's JSON and nothing but the JSON that a header may be: an object of objects of
/// strings and whole numbers. A general reader would let repeated names pass.
struct SafetensorsHeaderReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func read() throws(SafetensorsError.Problem) -> SafetensorsHeader {
        var header = SafetensorsHeader()
        // Only spaces may surround the object, and only behind it.
        guard bytes.first == UInt8(ascii: "{") else { throw problem("does not start with '{'") }
        try readObject { (reader: inout Self, name) throws(SafetensorsError.Problem) in
            if name == Safetensors.metadataKey {
                header.metadata = try reader.readMetadata()
            } else {
                header.entries.append(try reader.readEntry(name))
            }
        }
        while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
        guard position == bytes.count else { throw problem("something follows the object") }
        return header
    }

    // MARK: - What a header holds

    private mutating func readMetadata() throws(SafetensorsError.Problem) -> [String: String] {
        var metadata: [String: String] = [:]
        try readObject { (reader: inout Self, key) throws(SafetensorsError.Problem) in
            metadata[key] = try reader.readString()
        }
        return metadata
    }

    private mutating func readEntry(_ name: String) throws(SafetensorsError.Problem)
        -> SafetensorsHeader.Entry
    {
        var format: String?
        var dimensions: [Int]?
        var offsets: [Int]?
        let start = position
        try readObject { (reader: inout Self, key) throws(SafetensorsError.Problem) in
            switch key {
            case "dtype": format = try reader.readString()
            case "shape": dimensions = try reader.readNumbers()
            case "data_offsets": offsets = try reader.readNumbers()
            default: throw reader.problem("'\(name)' has an unknown key '\(key)'")
            }
        }
        guard let format, let dimensions, let offsets, offsets.count == 2 else {
            throw .header("'\(name)' lacks dtype, shape or two data_offsets", at: start)
        }
        return .init(
            name: name, format: format, dimensions: dimensions, start: offsets[0], end: offsets[1])
    }

    // MARK: - JSON

    private func problem(_ text: String) -> SafetensorsError.Problem { .header(text, at: position) }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
            position += 1
        }
    }

    /// Whether `character` comes next; takes it if so.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else {
            return false
        }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(SafetensorsError.Problem) {
        guard take(character) else { throw problem("expected '\(character)'") }
    }

    private mutating func readObject(
        _ readValue: (inout Self, String) throws(SafetensorsError.Problem) -> Void
    ) throws(SafetensorsError.Problem) {
        try expect("{")
        if take("}") { return }
        var names: Set<String> = []
        repeat {
            let name = try readString()
            guard names.insert(name).inserted else { throw .repeatedName(name) }
            try expect(":")
            try readValue(&self, name)
        } while take(",")
        try expect("}")
    }

    private mutating func readNumbers() throws(SafetensorsError.Problem) -> [Int] {
        try expect("[")
        if take("]") { return [] }
        var numbers: [Int] = []
        repeat { numbers.append(try readNumber()) } while take(",")
        try expect("]")
        return numbers
    }

    /// A whole number of at least 0, without sign, fraction, exponent or leading zero.
    private mutating func readNumber() throws(SafetensorsError.Problem) -> Int {
        skipSpace()
        let digits = bytes[position...].prefix { (0x30...0x39).contains($0) }
        let hasLeadingZero = digits.count > 1 && digits.first == 0x30
        guard !hasLeadingZero, let number = Int(String(decoding: digits, as: UTF8.self)) else {
            throw problem("expected a whole number")
        }
        position = digits.endIndex
        return number
    }

    private mutating func readString() throws(SafetensorsError.Problem) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            guard bytes[position] >= 0x20 else { throw problem("a control character in a string") }
            if bytes[position] == UInt8(ascii: "\\") {
                text.append(contentsOf: String(try readEscape()).utf8)
            } else {
                text.append(bytes[position])
                position += 1
            }
        }
        try expect("\"")
        guard let string = String(validating: text, as: UTF8.self) else {
            throw problem("a string is not UTF-8")
        }
        return string
    }

    private mutating func readEscape() throws(SafetensorsError.Problem) -> Unicode.Scalar {
        guard position + 1 < bytes.count else { throw problem("a string without end") }
        let character = Unicode.Scalar(bytes[position + 1])
        position += 2
        switch character {
        case "\"", "\\", "/": return character
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u": return try readUnicodeEscape()
        default: throw problem("an unknown escape \\\(character)")
        }
    }

    /// What follows `\u`: four digits, or a pair of surrogates.
    private mutating func readUnicodeEscape() throws(SafetensorsError.Problem) -> Unicode.Scalar {
        let first = try readFourDigits()
        guard 0xD800...0xDBFF ~= first else {
            guard let scalar = Unicode.Scalar(first) else { throw problem("half a surrogate pair") }
            return scalar
        }
        guard bytes[position...].starts(with: Array("\\u".utf8)) else {
            throw problem("half a surrogate pair")
        }
        position += 2
        let second = try readFourDigits()
        guard 0xDC00...0xDFFF ~= second,
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw problem("half a surrogate pair") }
        return scalar
    }

    private mutating func readFourDigits() throws(SafetensorsError.Problem) -> UInt32 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw problem("\\u without four hexadecimal digits") }
        position = digits.endIndex
        return number
    }
}

/// What a look at the characters alone says about a text: where its keys stand, which characters
/// must be hidden from the YAML parser, and the first mistake that parser would report badly.
///
/// The parser names the end of the text for a bracket that is never closed, stops at a repeated
/// key without its place, follows aliases silently and has no `${VAR}` inside `{ }`. So this scan
/// runs first and respells what is in the way with as many private-use characters as it had: all
/// columns stay, and ``restored(_:)`` gives the original back.
struct Surface {
    /// Keys in the order of the text.
    private(set) var keys: [Key] = []
    private(set) var respelledLines: [[Unicode.Scalar]]
    private(set) var problem: Diagnostic?

    struct Key {
        let text: String
        let location: SourceLocation
    }

    /// - Parameter isFragment: whether the text is a value rather than a document of keys.
    init(_ source: SourceText, lines: [[Unicode.Scalar]], isFragment: Bool) {
        var scanner = SurfaceScanner(source: source, lines: lines, isFragment: isFragment)
        problem = scanner.scan()
        keys = scanner.keys
        respelledLines = scanner.respelled
    }

    var text: String {
        var scalars = String.UnicodeScalarView()
        for line in respelledLines {
            scalars.append(contentsOf: line)
            scalars.append("\n")
        }
        return String(scalars)
    }

    /// The original of a scalar that the parser gave back.
    func restored(_ text: String) -> String {
        if let index = Respelling.keyIndex(of: text), keys.indices.contains(index) {
            return keys[index].text
        }
        guard text.unicodeScalars.contains(where: Respelling.isPrivate) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map(Respelling.brace)))
    }
}

/// Private-use characters that stand for others. Texts that use them on purpose are refused.
enum Respelling {
    private static let firstDigit: UInt32 = 0xE000
    private static let digitCount = 6_000
    private static let openBrace: Unicode.Scalar = "\u{F8FE}"
    private static let closeBrace: Unicode.Scalar = "\u{F8FF}"

    static func isPrivate(_ scalar: Unicode.Scalar) -> Bool {
        (0xE000...0xF8FF).contains(scalar.value)
    }

    static func hidden(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "{": openBrace
        case "}": closeBrace
        default: scalar
        }
    }

    static func brace(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case openBrace: "{"
        case closeBrace: "}"
        default: scalar
        }
    }

    /// `index` in base 6000 with exactly `length` digits; nil if it needs more.
    static func key(_ index: Int, length: Int) -> [Unicode.Scalar]? {
        var digits: [Unicode.Scalar] = []
        var rest = index
        for _ in 0..<length {
            guard let digit = Unicode.Scalar(firstDigit + UInt32(rest % digitCount)) else {
                return nil
            }
            digits.append(digit)
            rest /= digitCount
        }
        return rest == 0 ? digits : nil
    }

    static func keyIndex(of text: String) -> Int? {
        var index = 0
        var isKey = false
        for scalar in text.unicodeScalars.reversed() {
            guard scalar.value >= firstDigit, scalar.value < firstDigit + UInt32(digitCount),
                index < Int.max / digitCount / 2
            else { return nil }
            index = index * digitCount + Int(scalar.value - firstDigit)
            isKey = true
        }
        return isKey ? index : nil
    }
}

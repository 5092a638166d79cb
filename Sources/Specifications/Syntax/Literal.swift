/// What a plain scalar says. Numbers are decimal; every other word is text, so `no` and `off`
/// mean themselves.
enum Literal: Hashable {
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case text(String)
    /// Nothing, or one of YAML's words for it.
    case nothing
    /// Looks like a number to somebody: why it is none here.
    case malformedNumber(String)

    var typeName: String {
        switch self {
        case .integer(let value): "the integer \(value)"
        case .number(let value): "the number \(value)"
        case .boolean(let value): "\(value)"
        case .text(let text): "the text '\(text)'"
        case .nothing: "nothing"
        case .malformedNumber(let reason): reason
        }
    }
}

extension SyntaxTree.Scalar {
    var literal: Literal {
        if isQuoted { return .text(text) }
        switch text {
        case "", "~", "null", "Null", "NULL": return .nothing
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default: return DecimalNumber.literal(of: text)
        }
    }
}

/// The numbers of a spec: sign, decimal digits, fraction, exponent.
///
/// Written out rather than as a regular expression, which takes longer to build than a spec takes
/// to read.
private enum DecimalNumber {
    static func literal(of text: String) -> Literal {
        var unsigned = text.lowercased().utf8[...]
        if unsigned.first == UInt8(ascii: "+") || unsigned.first == UInt8(ascii: "-") {
            unsigned = unsigned.dropFirst()
        }
        if let reason = foreignNumber(unsigned) {
            return .malformedNumber("'\(text)' (\(reason))")
        }
        guard let isWhole = wholeOrFraction(unsigned) else { return .text(text) }
        if isWhole {
            return Int(text).map(Literal.integer)
                ?? .malformedNumber("'\(text)' (too large for an integer)")
        }
        guard let value = Double(text), value.isFinite else {
            return .malformedNumber("'\(text)' (too large for a number)")
        }
        return .number(value)
    }

    /// Whether a decimal number has neither point nor exponent; nil if it is none.
    private static func wholeOrFraction(_ text: Substring.UTF8View) -> Bool? {
        let whole = text.prefix(while: isDigit)
        var rest = text.dropFirst(whole.count)
        if rest.isEmpty { return whole.isEmpty ? nil : true }
        var fraction = whole.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix(while: isDigit)
            rest = rest.dropFirst(fraction.count + 1)
        }
        guard whole.count + fraction.count > 0 else { return nil }
        if rest.first == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
                rest = rest.dropFirst()
            }
            guard !rest.isEmpty else { return nil }
            rest = rest.drop(while: isDigit)
        }
        return rest.isEmpty ? false : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    /// Why a spelling that YAML 1.1, C or Swift would take for a number is none here.
    private static func foreignNumber(_ text: Substring.UTF8View) -> String? {
        if [".inf", "inf", "infinity", ".nan", "nan"].contains(String(Substring(text))) {
            return "not a finite number"
        }
        guard let first = text.first, isDigit(first) else { return nil }
        let rest = text.dropFirst()
        if first == UInt8(ascii: "0"), let base = rest.first,
            consists(of: "xob", [base]), consists(of: "0123456789abcdef_.p+-", rest.dropFirst())
        {
            return "numbers are decimal"
        }
        if first == UInt8(ascii: "0"), rest.first.map(isDigit) == true,
            consists(of: "0123456789.e+-", rest)
        {
            return "numbers are decimal and begin with no extra 0"
        }
        if consists(of: "0123456789.:", rest), rest.contains(UInt8(ascii: ":")) {
            return "numbers are decimal, not sexagesimal"
        }
        if consists(of: "0123456789.e+-_,'", rest),
            rest.contains(where: { consists(of: "_,'", [$0]) })
        {
            return "digits stand without separators"
        }
        return nil
    }

    private static func consists(of allowed: String, _ text: some Sequence<UInt8>) -> Bool {
        text.allSatisfy(allowed.utf8.contains)
    }
}

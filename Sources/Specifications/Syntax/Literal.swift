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
private enum DecimalNumber {
    static func literal(of text: String) -> Literal {
        if let reason = foreignNumber(text) { return .malformedNumber("'\(text)' (\(reason))") }
        if text.wholeMatch(of: /[+-]?[0-9]+/) != nil {
            return Int(text).map(Literal.integer)
                ?? .malformedNumber("'\(text)' (too large for an integer)")
        }
        guard text.wholeMatch(of: /[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?/) != nil
        else { return .text(text) }
        guard let value = Double(text), value.isFinite else {
            return .malformedNumber("'\(text)' (too large for a number)")
        }
        return .number(value)
    }

    /// Why a spelling that YAML 1.1, C or Swift would take for a number is none here.
    private static func foreignNumber(_ text: String) -> String? {
        let unsigned = text.drop { $0 == "+" || $0 == "-" }.lowercased()
        if [".inf", "inf", "infinity", ".nan", "nan"].contains(unsigned) {
            return "not a finite number"
        }
        if unsigned.wholeMatch(of: /0x[0-9a-f_.p+-]*|0o[0-9_]*|0b[0-9_]*/) != nil {
            return "numbers are decimal"
        }
        if unsigned.wholeMatch(of: /0[0-9]+(\.[0-9]*)?(e[+-]?[0-9]+)?/) != nil {
            return "numbers are decimal and begin with no extra 0"
        }
        if unsigned.wholeMatch(of: /[0-9][0-9.]*[_,'][0-9_,'.]*(e[+-]?[0-9]+)?/) != nil {
            return "digits stand without separators"
        }
        if unsigned.wholeMatch(of: /[0-9]+(:[0-9]+)+(\.[0-9]*)?/) != nil {
            return "numbers are decimal, not sexagesimal"
        }
        return nil
    }
}

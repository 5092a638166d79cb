/// Goes through a text once, character by character, as far as the first mistake.
struct SurfaceScanner {
    let source: SourceText
    private(set) var keys: [Surface.Key] = []
    private(set) var respelled: [[Unicode.Scalar]]
    private let lines: [[Unicode.Scalar]]
    private let isFragment: Bool

    /// The brackets that are open, innermost last.
    private var brackets: [(bracket: Unicode.Scalar, location: SourceLocation)] = []
    /// Whether the line before ended with a key or a dash whose value may stand on this line.
    private var expectsValue: Bool
    private var line = 0
    private var column = 0

    private static let deepestNesting = 32

    init(source: SourceText, lines: [[Unicode.Scalar]], isFragment: Bool) {
        self.source = source
        self.isFragment = isFragment
        expectsValue = isFragment
        self.lines = lines
        respelled = lines
    }

    mutating func scan() -> Diagnostic? {
        for index in lines.indices {
            line = index
            if let problem = foreignCharacter() ?? scanLine() { return problem }
        }
        return brackets.last.map {
            Diagnostic(
                "'\($0.bracket)' is never closed; add '\(Self.closer(of: $0.bracket))'",
                at: $0.location)
        }
    }

    // MARK: - Lines

    private var text: [Unicode.Scalar] { lines[line] }

    private func location(_ column: Int, length: Int = 1) -> SourceLocation {
        SourceLocation(source: source, line: line + 1, column: column + 1, length: length)
    }

    private func character(_ index: Int) -> Unicode.Scalar? {
        text.indices.contains(index) ? text[index] : nil
    }

    private static func isBlank(_ scalar: Unicode.Scalar?) -> Bool {
        scalar == nil || scalar == " " || scalar == "\t"
    }

    /// A character that ends lines elsewhere, controls a terminal or stands for nothing.
    private func foreignCharacter() -> Diagnostic? {
        for (column, scalar) in text.enumerated() where !Self.isAllowed(scalar) {
            let code = String(scalar.value, radix: 16, uppercase: true)
            let name = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
            return Diagnostic(
                "the character \(name) is not allowed in a spec", at: location(column))
        }
        return nil
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x20...0x7E, 0xA0...0x2027, 0x202F...0x205F, 0x2070...0xD7FF,
            0xF900...0xFDCF, 0xFDF0...0xFEFE, 0xFF00...0xFFEF, 0x10000...0xEFFFF:
            true
        default: false
        }
    }

    private mutating func scanLine() -> Diagnostic? {
        column = text.firstIndex { $0 != " " } ?? text.count
        if character(column) == "\t", let first = text.first(where: { !Self.isBlank($0) }),
            first != "#"
        {
            return Diagnostic("a tab cannot indent; use spaces", at: location(column))
        }
        guard let first = character(column), first != "#", first != "\t" else { return nil }
        if column == 0, brackets.isEmpty, Self.isDocumentMark(text) {
            return line == 0 || keys.isEmpty && text.starts(with: "---".unicodeScalars)
                ? nil
                : Diagnostic("a spec is one document; remove this line", at: location(0, length: 3))
        }
        return brackets.isEmpty ? scanBlockLine() : scanTokens()
    }

    private static func isDocumentMark(_ text: [Unicode.Scalar]) -> Bool {
        text.starts(with: "---".unicodeScalars) || text.starts(with: "...".unicodeScalars)
    }

    /// A line outside all brackets: dashes, then a key or a value.
    private mutating func scanBlockLine() -> Diagnostic? {
        let start = column
        let keyCount = keys.count
        let mayBeValue = expectsValue
        expectsValue = false
        if line == firstContentLine, start > 0, !isFragment {
            return Diagnostic(
                "the first key of a spec begins in the first column", at: location(start))
        }
        while character(column) == "-", Self.isBlank(character(column + 1)) {
            expectsValue = true
            skipBlanks(from: column + 1)
        }
        let isEntry = column > start
        if let problem = scanTokens() { return problem }
        guard keys.count == keyCount, !isEntry, !mayBeValue else { return nil }
        return Diagnostic(
            "expected 'key: value' or a list entry that begins with '- '",
            at: location(start, length: text.count - start),
            notes: text.contains(":") ? [.init("a space belongs after the colon")] : [])
    }

    private var firstContentLine: Int? {
        lines.firstIndex { line in
            guard let first = line.first(where: { !Self.isBlank($0) }) else { return false }
            return first != "#"
        }
    }

    private mutating func skipBlanks(from index: Int) {
        column = index
        while column < text.count, Self.isBlank(text[column]) { column += 1 }
    }

    // MARK: - Tokens

    private mutating func scanTokens() -> Diagnostic? {
        while true {
            skipBlanks(from: column)
            guard let scalar = character(column) else { return nil }
            if scalar == "#", column == 0 || Self.isBlank(character(column - 1)) { return nil }
            if let problem = scanToken(scalar) { return problem }
        }
    }

    private mutating func scanToken(_ scalar: Unicode.Scalar) -> Diagnostic? {
        if let problem = refused(scalar) { return problem }
        switch scalar {
        case "[", "{": return open(scalar)
        case "]", "}": return close(scalar)
        case "\"", "'": return scanQuoted(scalar)
        case ",": expectsValue = false
        case ":" where endsKey(at: column): expectsValue = true
        default:
            scanPlain()
            return nil
        }
        column += 1
        return nil
    }

    /// Parts of YAML that a spec has no use for.
    private func refused(_ scalar: Unicode.Scalar) -> Diagnostic? {
        let next = character(column + 1)
        switch scalar {
        case "&" where !Self.isBlank(next):
            return Diagnostic("anchors are not used in specs; write it out", at: location(column))
        case "*" where !Self.isBlank(next):
            return Diagnostic("aliases are not used in specs; write it out", at: location(column))
        case "!":
            return Diagnostic("tags are not used in specs; quote text", at: location(column))
        case "|" where brackets.isEmpty, ">" where brackets.isEmpty:
            return Diagnostic(
                "block text is not used in specs; write it on one line, in quotes",
                at: location(column))
        case "?" where Self.isBlank(next):
            return Diagnostic("a key is one word, followed by ':'", at: location(column))
        default: return nil
        }
    }

    private mutating func open(_ bracket: Unicode.Scalar) -> Diagnostic? {
        guard brackets.count < Self.deepestNesting else {
            return Diagnostic(
                "more than \(Self.deepestNesting) brackets deep", at: location(column))
        }
        brackets.append((bracket, location(column)))
        column += 1
        return nil
    }

    private static func closer(of bracket: Unicode.Scalar) -> Unicode.Scalar {
        bracket == "[" ? "]" : "}"
    }

    private mutating func close(_ bracket: Unicode.Scalar) -> Diagnostic? {
        guard let opened = brackets.popLast() else {
            return Diagnostic("'\(bracket)' closes nothing", at: location(column))
        }
        guard Self.closer(of: opened.bracket) == bracket else {
            return Diagnostic(
                "'\(opened.bracket)' is not closed before '\(bracket)'", at: opened.location,
                notes: [.init("'\(bracket)' stands here", at: location(column))])
        }
        column += 1
        return scanKeyEnd(from: nil)
    }

    /// After text in quotes or a bracket, a colon would make it a key.
    private mutating func scanKeyEnd(from start: Int?) -> Diagnostic? {
        let end = column
        skipBlanks(from: column)
        guard character(column) == ":", endsKey(at: column) || start != nil && !brackets.isEmpty
        else { return nil }
        if let start, end - start > 2 { record(start + 1..<end - 1) }
        column += 1
        expectsValue = true
        return nil
    }

    private mutating func scanQuoted(_ quote: Unicode.Scalar) -> Diagnostic? {
        let start = column
        column += 1
        while let scalar = character(column), scalar != quote || isDoubledQuote(quote) {
            column += scalar == "\\" && quote == "\"" || scalar == quote ? 2 : 1
        }
        guard column < text.count else {
            return Diagnostic(
                "the quote that opens here is not closed on its line", at: location(start))
        }
        column += 1
        expectsValue = false
        return scanKeyEnd(from: start)
    }

    /// Two single quotes stand for one inside single quotes.
    private func isDoubledQuote(_ quote: Unicode.Scalar) -> Bool {
        quote == "'" && character(column + 1) == "'"
    }

    // MARK: - Plain text

    private mutating func scanPlain() {
        let start = column
        while let scalar = character(column), !endsPlain(scalar) {
            column = variableEnd() ?? column + 1
        }
        var end = column
        while end > start + 1, Self.isBlank(text[end - 1]) { end -= 1 }
        if character(column) == ":" {
            record(start..<end)
            column += 1
            expectsValue = true
        } else {
            expectsValue = false
        }
    }

    private func endsPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ":": endsKey(at: column)
        case "#": column > 0 && Self.isBlank(text[column - 1])
        case ",", "[", "]", "{", "}": !brackets.isEmpty
        default: false
        }
    }

    private func endsKey(at index: Int) -> Bool {
        let next = character(index + 1)
        if Self.isBlank(next) { return true }
        return !brackets.isEmpty && next.map { ",[]{}".unicodeScalars.contains($0) } == true
    }

    /// Hides the braces of a `${VAR}` and gives the column after it.
    private mutating func variableEnd() -> Int? {
        guard character(column) == "$", character(column + 1) == "{" else { return nil }
        guard let close = text[column...].firstIndex(of: "}"),
            !text[column..<close].contains(where: { Self.isBlank($0) || $0 == "," })
        else { return nil }
        respelled[line][column + 1] = Respelling.hidden("{")
        respelled[line][close] = Respelling.hidden("}")
        return close + 1
    }

    private mutating func record(_ range: Range<Int>) {
        let spelling = String(String.UnicodeScalarView(text[range]))
        let place = location(range.lowerBound, length: range.count)
        guard let hidden = Respelling.key(keys.count, length: range.count) else { return }
        keys.append(Surface.Key(text: spelling, location: place))
        respelled[line].replaceSubrange(range, with: hidden)
    }
}

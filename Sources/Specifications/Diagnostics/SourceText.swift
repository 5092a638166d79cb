/// A text that is checked: a spec file, or what was given to `--set` or `--seeds`.
public struct SourceText: Hashable, Sendable {
    /// The file's path as it was given, or the option's name.
    public let name: String
    public let lines: [String]

    public init(name: String, text: String) {
        self.name = name
        lines = Self.normalized(text).split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0) }
    }

    /// Without the marks that editors of other systems leave: a byte order mark and CR LF.
    private static func normalized(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var isAfterReturn = false
        for (index, scalar) in text.unicodeScalars.enumerated()
        where index > 0 || scalar != "\u{FEFF}" {
            if isAfterReturn, scalar == "\n" { scalars.removeLast() }
            isAfterReturn = scalar == "\r"
            scalars.append(scalar)
        }
        return String(scalars)
    }
}

/// A stretch of one line of a text.
public struct SourceLocation: Hashable, Sendable {
    public let source: SourceText
    /// From 1.
    public let line: Int
    /// From 1, in Unicode scalars.
    public let column: Int
    /// How many scalars are meant; at least 1.
    public let length: Int

    public init(source: SourceText, line: Int, column: Int, length: Int = 1) {
        self.source = source
        self.line = line
        self.column = column
        self.length = max(length, 1)
    }

    /// `file:line:column`
    public var description: String { "\(source.name):\(line):\(column)" }

    /// The source line and, under it, a caret with a tilde for each further character.
    var excerpt: String {
        let text = source.lines.indices.contains(line - 1) ? source.lines[line - 1] : ""
        let scalars = text.unicodeScalars.prefix { $0 != "\r" }
        // Tabs stay tabs, so that the caret stands where a terminal puts the character.
        let margin = scalars.prefix(column - 1).map { $0 == "\t" ? "\t" : " " }.joined()
        let missing = String(repeating: " ", count: max(0, column - 1 - scalars.count))
        let shown = max(1, min(length, scalars.count - column + 1))
        let tildes = String(repeating: "~", count: shown - 1)
        return "\(String(String.UnicodeScalarView(scalars)))\n\(margin)\(missing)^\(tildes)"
    }

    /// Two places of one text are told apart by position alone; hashing whole files would be slow.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(source.name)
        hasher.combine(line)
        hasher.combine(column)
    }
}

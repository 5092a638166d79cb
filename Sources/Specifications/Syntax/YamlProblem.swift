internal import Yams

/// A mistake that the YAML parser found, in our words.
struct YamlProblem {
    private let message: String
    private let line: Int
    private let column: Int

    init(_ error: any Error) {
        guard let error = error as? YamlError else {
            self.init(message: "\(error)", mark: nil)
            return
        }
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            self.init(context: context, problem: problem, mark: mark)
        case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem),
            .representer(let problem):
            self.init(message: problem, mark: nil)
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "'\($0)'" }.joined(separator: ", ")
            self.init(message: "given twice: \(names)", mark: context.mark)
        case .no, .memory, .dataCouldNotBeDecoded:
            self.init(message: error.description, mark: nil)
        }
    }

    private init(message: String, mark: Mark?) {
        self.message = message
        line = mark?.line ?? 1
        column = mark?.column ?? 1
    }

    private init(context: YamlError.Context?, problem: String, mark: Mark) {
        // The parser notices a key without a colon only on the line after it.
        let isKeyWithoutColon = context?.text == "while scanning a simple key"
        let words =
            Self.wording[problem]
            ?? [context?.text, problem].compactMap(\.self)
            .joined(separator: ": ")
        self.init(message: words, mark: isKeyWithoutColon ? context?.mark : mark)
    }

    /// The parser's most frequent messages, with what to do.
    private static let wording = [
        "mapping values are not allowed in this context":
            "a second ': ' on a line; put each key on its own line, in one column, or use { }",
        "could not find expected ':'": "expected ': ' after the key",
        "did not find expected key":
            "expected a key in the column of the keys above; check the indentation",
        "did not find expected <document start>":
            "expected a key in the column of the keys above; check the indentation",
        "did not find expected ',' or ']'": "expected ',' or ']'",
        "did not find expected ',' or '}'": "expected ',' or '}'",
        "found character that cannot start any token":
            "a value cannot begin with this character; put it in quotes",
        "block sequence entries are not allowed in this context":
            "a list entry ('- ') cannot stand here; use [ ] or a line of its own",
    ]

    func diagnostic(in source: SourceText) -> Diagnostic {
        // The end of the text belongs to its last line that says something.
        let last = source.lines.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? 1
        let shownLine = min(max(line, 1), last)
        let end = source.lines[shownLine - 1].unicodeScalars.count
        let place = SourceLocation(
            source: source, line: shownLine, column: max(1, line == shownLine ? column : end))
        return Diagnostic(message, at: place)
    }
}

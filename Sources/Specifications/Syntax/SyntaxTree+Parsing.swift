internal import Yams

/// A text read as YAML, with every mistake of its syntax.
struct ParsedText {
    /// What could be read; nil if nothing could.
    let tree: SyntaxTree?
    let problems: [Diagnostic]
    /// Whether parts were left out because they could not be read.
    let isDamaged: Bool
}

extension SyntaxTree {
    /// Reads a text. An entry that cannot be read is reported and left out, and reading goes on
    /// with the others, so that one pass finds the mistakes of all.
    static func parse(_ source: SourceText) -> ParsedText {
        parse(source, lines: source.lines, isFragment: false)
    }

    /// Reads the part of a text that is YAML, the rest being blank.
    static func parse(fragment: String, of source: SourceText) -> ParsedText {
        let lines = SourceText(name: source.name, text: fragment).lines
        return parse(source, lines: lines, isFragment: true)
    }

    private static func parse(
        _ source: SourceText, lines: [String], isFragment: Bool
    ) -> ParsedText {
        var lines = lines.map { Array($0.unicodeScalars) }
        var problems: [Diagnostic] = []
        while true {
            switch attempt(source, lines, isFragment) {
            case .read(let tree, let repeated):
                return ParsedText(
                    tree: tree, problems: problems + repeated, isDamaged: !problems.isEmpty)
            case .failed(let problem):
                problems.append(problem)
                guard let line = problem.line, removeEntry(around: line - 1, from: &lines) else {
                    return ParsedText(tree: nil, problems: problems, isDamaged: true)
                }
            }
        }
    }

    private enum Attempt {
        case read(SyntaxTree?, repeatedKeys: [Diagnostic])
        case failed(Diagnostic)
    }

    private static func attempt(
        _ source: SourceText, _ lines: [[Unicode.Scalar]], _ isFragment: Bool
    ) -> Attempt {
        let surface = Surface(source, lines: lines, isFragment: isFragment)
        if let problem = surface.problem { return .failed(problem) }
        do {
            // The basic resolver leaves all scalars text: which words are numbers is our say.
            guard let node = try Yams.compose(yaml: surface.text, .basic, .default, .utf8) else {
                return .read(nil, repeatedKeys: [])
            }
            var builder = TreeBuilder(source: source, surface: surface)
            return .read(builder.tree(of: node, under: nil), repeatedKeys: builder.repeatedKeys)
        } catch {
            return .failed(YamlProblem(error).diagnostic(in: source))
        }
    }

    /// Empties the lines of the top-level entry that holds a line; false if they are empty.
    private static func removeEntry(around line: Int, from lines: inout [[Unicode.Scalar]]) -> Bool
    {
        guard lines.indices.contains(line) else { return false }
        func beginsEntry(_ index: Int) -> Bool {
            lines[index].first.map { $0 != " " && $0 != "\t" && $0 != "#" } ?? false
        }
        let first = (0...line).last(where: beginsEntry) ?? 0
        let next = (line + 1..<lines.count).first(where: beginsEntry) ?? lines.count
        let isEmpty = lines[first..<next].allSatisfy(\.isEmpty)
        for index in first..<next { lines[index] = [] }
        return !isEmpty
    }
}

/// Turns the parser's nodes into ours, with original spellings and places.
private struct TreeBuilder {
    let source: SourceText
    let surface: Surface
    var repeatedKeys: [Diagnostic] = []

    init(source: SourceText, surface: Surface) {
        self.source = source
        self.surface = surface
    }

    /// - Parameter key: the place of the key whose value this is, for values that have no place.
    mutating func tree(of node: Node, under key: SourceLocation?) -> SyntaxTree {
        switch node {
        case .scalar(let scalar): return .scalar(self.scalar(scalar, under: key))
        case .sequence(let sequence):
            let place = location(sequence.mark, length: 1)
            return .list(sequence.map { tree(of: $0, under: place) }, place)
        case .mapping(let mapping):
            return .map(entries(of: mapping), location(mapping.mark, length: 1))
        case .alias(let alias):
            return .scalar(
                SyntaxTree.Scalar(
                    text: "", isQuoted: false, location: location(alias.mark, length: 1)))
        }
    }

    private func scalar(_ scalar: Node.Scalar, under key: SourceLocation?) -> SyntaxTree.Scalar {
        let text = surface.restored(scalar.string)
        let isQuoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
        let length = text.unicodeScalars.count + (isQuoted ? 2 : 0)
        // A value that is not there has no place of its own: its key does.
        let place = length == 0 ? key : nil
        return SyntaxTree.Scalar(
            text: text, isQuoted: isQuoted,
            location: place ?? location(scalar.mark, length: length))
    }

    private mutating func entries(of mapping: Node.Mapping) -> [SyntaxTree.Entry] {
        var entries: [SyntaxTree.Entry] = []
        for (keyNode, valueNode) in mapping {
            let key = self.key(keyNode)
            let value = tree(of: valueNode, under: key.location)
            if let first = entries.first(where: { $0.key == key.text }) {
                repeatedKeys.append(
                    Diagnostic(
                        "the key '\(key.text)' is given twice", at: key.location,
                        notes: [.init("first given here", at: first.keyLocation)]))
            } else {
                entries.append(
                    SyntaxTree.Entry(key: key.text, keyLocation: key.location, value: value))
            }
        }
        return entries
    }

    private func key(_ node: Node) -> (text: String, location: SourceLocation) {
        guard case .scalar(let scalar) = node else {
            return ("", location(node.mark, length: 1))
        }
        let key = self.scalar(scalar, under: nil)
        return (key.text, key.location)
    }

    private func location(_ mark: Mark?, length: Int) -> SourceLocation {
        SourceLocation(
            source: source, line: mark?.line ?? 1, column: mark?.column ?? 1, length: length)
    }
}

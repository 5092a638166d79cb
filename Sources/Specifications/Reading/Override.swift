/// One `--set PATH=YAML`: a value that replaces what the document and its variants say.
struct Override {
    let path: [SyntaxTree.Entry]
    let value: SyntaxTree

    /// The source is named for the option, and places are those of the option's own text.
    static func parse(_ text: String, into bag: inout DiagnosticBag) -> Override? {
        let source = SourceText(name: "--set", text: text)
        guard let equals = text.unicodeScalars.firstIndex(of: "=") else {
            bag.report(
                "expected PATH=YAML, such as optimizer.learning_rate=0.1",
                at: SourceLocation(
                    source: source, line: 1, column: 1, length: text.unicodeScalars.count))
            return nil
        }
        let name = String(text.unicodeScalars[..<equals])
        guard let path = path(name, in: source, into: &bag) else { return nil }
        // Blanks in place of the path keep the columns of the value.
        let width = name.unicodeScalars.count + 1
        let rest = text.unicodeScalars[text.unicodeScalars.index(after: equals)...]
        let parsed = SyntaxTree.parse(
            fragment: String(repeating: " ", count: width) + String(rest), of: source)
        bag.report(contentsOf: parsed.problems)
        guard parsed.problems.isEmpty else { return nil }
        let empty = SyntaxTree.scalar(
            .init(
                text: "", isQuoted: false,
                location: SourceLocation(source: source, line: 1, column: width)))
        return Override(path: path, value: parsed.tree ?? empty)
    }

    /// The keys of a dotted path, each of which must be known.
    private static func path(
        _ name: String, in source: SourceText, into bag: inout DiagnosticBag
    ) -> [SyntaxTree.Entry]? {
        var section: SpecificationSection? = .document
        var entries: [SyntaxTree.Entry] = []
        var column = 1
        for word in name.split(separator: ".", omittingEmptySubsequences: false).map(String.init) {
            let length = word.unicodeScalars.count
            let place = SourceLocation(source: source, line: 1, column: column, length: length)
            guard let entry = entry(word, in: section, after: entries.last?.key, place, &bag) else {
                return nil
            }
            section = entry.type.section
            let nothing = SyntaxTree.Scalar(text: "", isQuoted: false, location: place)
            entries.append(
                SyntaxTree.Entry(key: word, keyLocation: place, value: .scalar(nothing)))
            column += length + 1
        }
        return entries
    }

    private static func entry(
        _ word: String, in section: SpecificationSection?, after parent: String?,
        _ place: SourceLocation, _ bag: inout DiagnosticBag
    ) -> SpecificationSection.Entry? {
        guard let section else {
            bag.report("'\(parent ?? "")' has no keys inside it", at: place)
            return nil
        }
        let allowed = section.entries.map(\.key.rawValue)
        guard let entry = section.entry(word) else {
            bag.report(
                "unknown key '\(word)' in \(section.title)", at: place,
                nearest: Spelling.nearest(to: word, among: allowed), allowed: allowed)
            return nil
        }
        return entry
    }
}

/// Everything that is wrong with a spec, found in one pass, in the order of the text.
public struct SpecificationError: Error, Hashable, Sendable {
    public let diagnostics: [Diagnostic]

    public init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
    }
}

extension SpecificationError: CustomStringConvertible {
    public var description: String {
        diagnostics.map(\.description).joined(separator: "\n")
    }
}

/// Collects mistakes; the same mistake met along two paths through the grid counts once.
struct DiagnosticBag {
    private var seen: Set<Diagnostic> = []
    private var found: [Diagnostic] = []

    var isEmpty: Bool { found.isEmpty }

    mutating func report(_ diagnostic: Diagnostic) {
        if seen.insert(diagnostic).inserted { found.append(diagnostic) }
    }

    mutating func report(
        _ message: String, at location: SourceLocation, nearest: String? = nil,
        allowed: [String] = [], notes: [Diagnostic.Note] = []
    ) {
        report(
            Diagnostic(message, at: location, nearest: nearest, allowed: allowed, notes: notes))
    }

    mutating func report(contentsOf diagnostics: [Diagnostic]) {
        for diagnostic in diagnostics { report(diagnostic) }
    }

    /// The mistakes by file, in the order in which files came, and by place.
    var sorted: [Diagnostic] {
        let files = found.map(\.file)
        return found.sorted { first, second in
            let places = [first, second].map {
                [files.firstIndex(of: $0.file) ?? 0, $0.line ?? 0, $0.column ?? 0]
            }
            return places[0].lexicographicallyPrecedes(places[1])
        }
    }
}

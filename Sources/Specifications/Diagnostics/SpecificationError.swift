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

    /// The mistakes by text, in the order in which texts came, and by place.
    var sorted: [Diagnostic] {
        let texts = found.map(\.location?.source)
        let places = found.map { diagnostic in
            [
                texts.firstIndex(of: diagnostic.location?.source) ?? 0, diagnostic.line ?? 0,
                diagnostic.column ?? 0,
            ]
        }
        let order = found.indices.sorted { places[$0].lexicographicallyPrecedes(places[$1]) }
        return order.map { found[$0] }
    }
}

/// One mistake: where it is, what it is, and what would be right.
public struct Diagnostic: Hashable, Sendable {
    /// The place; nil where the whole file is meant, such as a missing one.
    public let location: SourceLocation?
    /// The file's path as it was given, or the option's name.
    public let file: String
    public let message: String
    /// The nearest valid spelling, if one is near.
    public let nearest: String?
    /// What is allowed in this place, where that is a closed list.
    public let allowed: [String]
    public let notes: [Note]

    /// A remark that belongs to a mistake, often with a place of its own.
    public struct Note: Hashable, Sendable {
        public let location: SourceLocation?
        public let message: String

        public init(_ message: String, at location: SourceLocation? = nil) {
            self.message = message
            self.location = location
        }
    }

    public init(
        _ message: String, at location: SourceLocation, nearest: String? = nil,
        allowed: [String] = [], notes: [Note] = []
    ) {
        self.location = location
        file = location.source.name
        self.message = message
        self.nearest = nearest
        self.allowed = allowed
        self.notes = notes
    }

    public init(_ message: String, file: String, nearest: String? = nil, allowed: [String] = []) {
        location = nil
        self.file = file
        self.message = message
        self.nearest = nearest
        self.allowed = allowed
        notes = []
    }

    public var line: Int? { location?.line }
    public var column: Int? { location?.column }
}

extension Diagnostic: CustomStringConvertible {
    /// The mistake as compilers print it: `file:line:column: error: message`, the source line, a
    /// caret, and notes.
    public var description: String {
        let suggestion = nearest.map { "; did you mean '\($0)'?" } ?? ""
        var parts = ["\(location?.description ?? file): error: \(message)\(suggestion)"]
        if let location { parts.append(location.excerpt) }
        if !allowed.isEmpty {
            parts.append(Note("allowed: \(allowed.joined(separator: ", "))").description)
        }
        return (parts + notes.map(\.description)).joined(separator: "\n")
    }
}

extension Diagnostic.Note: CustomStringConvertible {
    public var description: String {
        guard let location else { return "note: \(message)" }
        return "\(location.description): note: \(message)\n\(location.excerpt)"
    }
}

/// A spec as written: text, lists and maps with their places, before any meaning.
indirect enum SyntaxTree: Hashable, Sendable {
    case scalar(Scalar)
    case list([SyntaxTree], SourceLocation)
    case map([Entry], SourceLocation)

    struct Scalar: Hashable, Sendable {
        let text: String
        /// Quoted text is text, whatever it looks like.
        let isQuoted: Bool
        let location: SourceLocation
    }

    struct Entry: Hashable, Sendable {
        let key: String
        let keyLocation: SourceLocation
        let value: SyntaxTree
    }

    var location: SourceLocation {
        switch self {
        case .scalar(let scalar): scalar.location
        case .list(_, let location), .map(_, let location): location
        }
    }

    /// What the value is, in the words that messages use.
    var typeName: String {
        switch self {
        case .scalar(let scalar): scalar.literal.typeName
        case .list: "a list"
        case .map: "a map"
        }
    }
}

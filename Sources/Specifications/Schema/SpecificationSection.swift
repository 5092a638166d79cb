/// The keys of one map of a spec: the document itself, or the map under one of its keys.
public struct SpecificationSection: Hashable, Sendable {
    /// What the map is called in messages.
    public let title: String
    /// The values of its `name`; empty for maps without one.
    public let names: [String]
    public let entries: [Entry]

    init(_ title: String, names: [String] = [], _ entries: [Entry]) {
        self.title = title
        self.names = names
        self.entries = entries.map { $0.called($0.key == .name ? title : $0.key.rawValue) }
    }

    /// The key whose value alone may stand for the map.
    var shorthand: SpecificationKey { entries.first?.key ?? .name }

    func entry(_ key: String) -> Entry? {
        entries.first { $0.key.rawValue == key }
    }

    /// One key: what it takes, whether it must be there, and what it means.
    public struct Entry: Hashable, Sendable {
        public let key: SpecificationKey
        public let type: ValueType
        public let presence: Presence
        /// Whether a list in place of the value is an axis of the grid.
        public let isAxis: Bool
        /// The names that have this key; nil if all have.
        public let owners: [String]?
        /// What the key means, in one line.
        public let summary: String
        /// What messages call the value: the key, or the map whose name it is.
        private(set) var subject = ""

        init(
            _ key: SpecificationKey, _ type: ValueType, _ presence: Presence, isAxis: Bool = true,
            of owners: [String]? = nil, _ summary: String
        ) {
            self.key = key
            self.type = type
            self.presence = presence
            self.isAxis = isAxis
            self.owners = owners
            self.summary = summary
        }

        fileprivate func called(_ subject: String) -> Entry {
            var entry = self
            entry.subject = subject
            return entry
        }
    }

    /// Whether a key must be given, and what holds if it is not.
    public enum Presence: Hashable, Sendable {
        case required
        case optional
        /// The default as a spec would spell it.
        case defaults(to: String)
    }
}

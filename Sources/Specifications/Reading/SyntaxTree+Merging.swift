extension SyntaxTree {
    /// This document with the keys of a variant in place of its own.
    ///
    /// Maps merge key by key, all the way down. A map that names another thing (`name: adam` over
    /// `name: sgd`) replaces the whole, because the constants of one mean nothing to the other.
    /// Everything else, an axis included, is replaced.
    func merged(with variant: SyntaxTree) -> SyntaxTree {
        guard case .map(let changes, _) = variant else { return variant }
        if case .list(let items, let location) = self, variant.name == nil {
            return .list(items.map { $0.merged(with: variant) }, location)
        }
        guard case .map(let entries, let own) = asMap,
            variant.name == nil || variant.name == asMap.name
        else { return variant }
        // A name alone became a map by what the variant says, so the variant is to blame.
        let location = asMap == self ? own : variant.location
        return .map(
            changes.reduce(entries) { entries, change in
                Self.changing(entries, at: change.key) { old in
                    Entry(
                        key: change.key, keyLocation: change.keyLocation,
                        value: old?.value.merged(with: change.value) ?? change.value)
                }
            }, location)
    }

    /// This document with `value` at `path`, whatever stood there; an axis of maps is changed in
    /// each of them.
    func setting(_ path: ArraySlice<Entry>, to value: SyntaxTree) -> SyntaxTree {
        guard let step = path.first else { return value }
        if case .list(let items, let location) = self {
            return .list(items.map { $0.setting(path, to: value) }, location)
        }
        guard case .map(let entries, let location) = asMap else {
            return SyntaxTree.map([], step.keyLocation).setting(path, to: value)
        }
        return .map(
            Self.changing(entries, at: step.key) { old in
                let inner = old?.value ?? .map([], step.keyLocation)
                return Entry(
                    key: step.key, keyLocation: step.keyLocation,
                    value: inner.setting(path.dropFirst(), to: value))
            }, location)
    }

    private static func changing(
        _ entries: [Entry], at key: String, _ change: (Entry?) -> Entry
    ) -> [Entry] {
        guard let index = entries.firstIndex(where: { $0.key == key }) else {
            return entries + [change(nil)]
        }
        var entries = entries
        entries[index] = change(entries[index])
        return entries
    }

    /// A name alone as the map that it stands for.
    private var asMap: SyntaxTree {
        guard case .scalar(let scalar) = self, case .text = scalar.literal else { return self }
        let name = Entry(
            key: SpecificationKey.name.rawValue, keyLocation: scalar.location, value: self)
        return .map([name], scalar.location)
    }

    private var name: String? {
        guard case .map(let entries, _) = self,
            case .scalar(let scalar) = entries.first(where: { $0.key == "name" })?.value
        else { return nil }
        return scalar.text
    }
}

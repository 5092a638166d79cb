/// Reads syntax against the schema: every value checked, every axis spread out.
struct SectionReader {
    var bag = DiagnosticBag()
    /// Whether keys may be missing, because variants or overrides may still give them.
    let isPartial: Bool
    /// Whether entries of the document were left out because they could not be read.
    let isDamaged: Bool

    init(isPartial: Bool, isDamaged: Bool) {
        self.isPartial = isPartial
        self.isDamaged = isDamaged
    }

    /// The values that a key takes over the grid; empty if none of them can be used.
    mutating func choices(
        _ tree: SyntaxTree, for entry: SpecificationSection.Entry
    ) -> [PlacedValue] {
        guard case .list(let items, let location) = tree, entry.isAxis else {
            return values(tree, entry)
        }
        if entry.type.isList, !items.contains(where: \.isList) { return values(tree, entry) }
        if items.isEmpty {
            bag.report(
                "'\(entry.key.rawValue)' is an empty list; an axis has a value or more",
                at: location)
        }
        let choices = items.flatMap { values($0, entry) }
        reportRepeated(choices, of: entry.key.rawValue)
        return choices
    }

    private mutating func reportRepeated(_ choices: [PlacedValue], of key: String) {
        var first: [PlacedValue: SourceLocation] = [:]
        for choice in choices {
            if let location = first[choice] {
                bag.report(
                    "the axis '\(key)' has this value twice", at: choice.location,
                    notes: [.init("first given here", at: location)])
            } else {
                first[choice] = choice.location
            }
        }
    }

    /// One value; several where maps inside it have axes of their own.
    private mutating func values(
        _ tree: SyntaxTree, _ entry: SpecificationSection.Entry
    ) -> [PlacedValue] {
        if case .scalar(let scalar) = tree, scalar.literal == .nothing {
            bag.report(
                "'\(entry.key.rawValue)' has no value; expected \(entry.type.words)",
                at: tree.location, allowed: entry.type.allowed)
            return []
        }
        switch entry.type {
        case .named(let section), .map(let section): return maps(tree, section, entry)
        case .maps(let section): return listOfMaps(tree, section, entry)
        case .integer, .number, .boolean, .text, .path, .name, .nameOrInteger, .risingList,
            .numbers, .names, .texts, .seeds, .variants:
            return value(tree, entry).map { [PlacedValue(value: $0, location: tree.location)] }
                ?? []
        }
    }

    // MARK: - Maps

    private mutating func maps(
        _ tree: SyntaxTree, _ section: SpecificationSection, _ entry: SpecificationSection.Entry
    ) -> [PlacedValue] {
        guard case .map(let entries, let location) = named(tree, entry.type) else {
            mismatch(tree, entry)
            return []
        }
        let names = namesGiven(entries).filter(section.names.contains)
        guard let parts = parts(entries, of: section, names: names, at: location) else { return [] }
        return Self.product(parts).map { PlacedValue(value: .map($0), location: location) }
    }

    private mutating func listOfMaps(
        _ tree: SyntaxTree, _ section: SpecificationSection, _ entry: SpecificationSection.Entry
    ) -> [PlacedValue] {
        guard case .list(let items, let location) = tree else {
            mismatch(tree, entry)
            return []
        }
        let read = items.map { maps($0, section, entry) }
        for (choices, item) in zip(read, items) where choices.count > 1 {
            bag.report(
                "\(section.title) has no axes; vary '\(entry.key.rawValue)' in variants",
                at: item.location)
        }
        guard read.allSatisfy({ $0.count == 1 }) else { return [] }
        return [PlacedValue(value: .maps(read.map { $0[0] }), location: location)]
    }

    /// A name or path alone stands for the map that holds only it.
    private func named(_ tree: SyntaxTree, _ type: ValueType) -> SyntaxTree {
        guard case .named(let section) = type, case .scalar(let scalar) = tree,
            case .text = scalar.literal
        else { return tree }
        let name = SyntaxTree.Entry(
            key: section.shorthand.rawValue, keyLocation: scalar.location, value: tree)
        return .map([name], scalar.location)
    }

    private func namesGiven(_ entries: [SyntaxTree.Entry]) -> [String] {
        guard let name = entries.first(where: { $0.key == SpecificationKey.name.rawValue }) else {
            return []
        }
        switch name.value {
        case .scalar(let scalar): return [scalar.text]
        case .list(let items, _):
            return items.compactMap { if case .scalar(let item) = $0 { item.text } else { nil } }
        case .map: return []
        }
    }

    typealias Part = (key: SpecificationKey, choices: [PlacedValue])

    /// The choices of each key of a map; nil if a key cannot be used.
    private mutating func parts(
        _ entries: [SyntaxTree.Entry], of section: SpecificationSection, names: [String],
        at location: SourceLocation
    ) -> [Part]? {
        let given = givenParts(entries, of: section, names: names)
        let added = missingParts(entries, of: section, names: names, at: location)
        guard let given, let added else { return nil }
        return (given + added).allSatisfy { !$0.choices.isEmpty } ? given + added : nil
    }

    /// The choices of each key of the document, as far as they can be used.
    mutating func documentParts(
        _ entries: [SyntaxTree.Entry], at location: SourceLocation
    ) -> [Part] {
        let known = entries.filter { SpecificationSection.document.entry($0.key) != nil }
        _ = givenParts(entries.filter { !known.contains($0) }, of: .document, names: [])
        let given = givenParts(known, of: .document, names: []) ?? []
        return given + (missingParts(entries, of: .document, names: [], at: location) ?? [])
    }

    /// The keys that are there, in written order.
    private mutating func givenParts(
        _ entries: [SyntaxTree.Entry], of section: SpecificationSection, names: [String]
    ) -> [Part]? {
        let parts = entries.map { item -> Part? in
            known(item, in: section, names: names).map { ($0.key, choices(item.value, for: $0)) }
        }
        return parts.contains { $0 == nil } ? nil : parts.compactMap(\.self)
    }

    /// The keys that are not there: their defaults, or a mistake where one is required.
    private mutating func missingParts(
        _ entries: [SyntaxTree.Entry], of section: SpecificationSection, names: [String],
        at location: SourceLocation
    ) -> [Part]? {
        var parts: [Part] = []
        var isComplete = true
        let given = Set(entries.map(\.key))
        for entry in section.entries
        where !given.contains(entry.key.rawValue) && Self.applies(entry, to: names) {
            switch entry.presence {
            case .optional: break
            case .defaults(let text): parts.append((entry.key, defaults(text, entry, location)))
            case .required:
                isComplete = false
                reportMissing(entry, in: section, entries, at: location)
            }
        }
        return isComplete ? parts : nil
    }

    private static func applies(_ entry: SpecificationSection.Entry, to names: [String]) -> Bool {
        entry.owners.map { owners in names.contains(where: owners.contains) } ?? true
    }

    private mutating func defaults(
        _ text: String, _ entry: SpecificationSection.Entry, _ location: SourceLocation
    ) -> [PlacedValue] {
        values(
            .scalar(SyntaxTree.Scalar(text: text, isQuoted: false, location: location)), entry)
    }

    private mutating func known(
        _ item: SyntaxTree.Entry, in section: SpecificationSection, names: [String]
    ) -> SpecificationSection.Entry? {
        let allowed = section.entries.filter { names.isEmpty || Self.applies($0, to: names) }
            .map(\.key.rawValue)
        guard let entry = section.entry(item.key) else {
            bag.report(
                "unknown key '\(item.key)' in \(section.title)", at: item.keyLocation,
                nearest: Spelling.nearest(to: item.key, among: allowed), allowed: allowed)
            return nil
        }
        guard Self.owns(entry, names) else {
            let owners = (entry.owners ?? []).joined(separator: ", ")
            bag.report(
                "'\(item.key)' belongs to \(owners), not to "
                    + names.filter { !(entry.owners ?? []).contains($0) }.joined(separator: ", "),
                at: item.keyLocation, allowed: allowed)
            return nil
        }
        return entry
    }

    /// Whether every name of the map has the key.
    private static func owns(_ entry: SpecificationSection.Entry, _ names: [String]) -> Bool {
        guard let owners = entry.owners else { return true }
        return names.allSatisfy(owners.contains)
    }

    private mutating func reportMissing(
        _ entry: SpecificationSection.Entry, in section: SpecificationSection,
        _ entries: [SyntaxTree.Entry], at location: SourceLocation
    ) {
        let key = entry.key.rawValue
        let known = section.entries.map(\.key.rawValue)
        let isMisspelled = entries.contains {
            section.entry($0.key) == nil && Spelling.nearest(to: $0.key, among: known) == key
        }
        let isDocument = section.names.isEmpty
        guard !isPartial, !isMisspelled, !(isDocument && isDamaged) else { return }
        let comment = isDocument ? location.source.comment(on: key) : nil
        bag.report(
            "\(section.title) needs '\(key)': \(entry.type.words), \(entry.summary)",
            at: comment ?? location, allowed: entry.type.allowed,
            notes: comment.map { _ in [.init("it stands in a comment here")] } ?? [])
    }

    /// All combinations, the first key changing slowest.
    private static func product(_ parts: [Part]) -> [[SpecificationKey: PlacedValue]] {
        parts.reduce([[:]]) { maps, part in
            maps.flatMap { map in
                part.choices.map { choice in
                    var map = map
                    map[part.key] = choice
                    return map
                }
            }
        }
    }
}

extension SourceText {
    /// Where a comment holds `key:`, as if it had been commented out.
    fileprivate func comment(on key: String) -> SourceLocation? {
        for (index, line) in lines.enumerated() {
            guard let hash = line.firstIndex(of: "#"),
                let found = line[hash...].firstRange(of: "\(key):")
            else { continue }
            let column = line.unicodeScalars.distance(
                from: line.startIndex, to: found.lowerBound)
            return SourceLocation(
                source: self, line: index + 1, column: column + 1,
                length: key.unicodeScalars.count)
        }
        return nil
    }
}

extension SyntaxTree {
    var isList: Bool {
        if case .list = self { true } else { false }
    }
}

extension SectionReader {
    /// A value without keys of its own; nil, and reported, if it does not fit.
    mutating func value(
        _ tree: SyntaxTree, _ entry: SpecificationSection.Entry
    ) -> SpecificationValue? {
        switch (entry.type, tree) {
        case (.risingList(let range), .list(let items, _)):
            return risingList(items, in: range, entry, at: tree.location)
                .map(SpecificationValue.list)
        case (.numbers(let names, let range), .list(let items, let location)):
            return numbers(items, named: names, in: range, entry, at: location)
        case (.names(let names), .list(let items, _)): return self.names(items, among: names, entry)
        case (.texts, .list(let items, let location)): return texts(items, entry, at: location)
        case (.seeds, .list(let items, let location)):
            return seedList(items, entry, at: location).map(SpecificationValue.list)
        case (.variants, .list): return .list([])
        case (_, .scalar(let scalar)): return value(scalar, tree, entry)
        case (_, .list), (_, .map):
            mismatch(tree, entry)
            return nil
        }
    }

    private mutating func value(
        _ scalar: SyntaxTree.Scalar, _ tree: SyntaxTree, _ entry: SpecificationSection.Entry
    ) -> SpecificationValue? {
        switch (entry.type, scalar.literal) {
        case (.integer(let range), .integer(let value)):
            return integer(value, in: range, entry, at: scalar.location)
        case (.number(let range), .integer(let value)):
            return number(Double(value), scalar, in: range, entry)
        case (.number(let range), .number(let value)):
            return number(value, scalar, in: range, entry)
        case (.boolean, .boolean(let value)): return .boolean(value)
        case (.text, .text(let text)): return self.text(text, entry, at: scalar.location)
        case (.texts, .text(let text)):
            return self.text(text, entry, at: scalar.location).map { _ in .texts([text]) }
        case (.path, .text(let text)): return path(text, at: scalar.location)
        case (.name(let names), .text(let text)), (.nameOrInteger(let names, _), .text(let text)):
            return name(text, among: names, entry, at: scalar.location)
        case (.nameOrInteger(_, let range), .integer(let value)):
            return integer(value, in: range, entry, at: scalar.location)
        case (.seeds, .integer(let count)):
            return integer(count, in: 1...Self.largestSeedCount, entry, at: scalar.location)
                .map { _ in .list(Array(0..<count)) }
        default:
            // Every other pair is a value of the wrong type, whatever types are added.
            mismatch(tree, entry)
            return nil
        }
    }

    static var largestSeedCount: Int { 100_000 }

    mutating func mismatch(_ tree: SyntaxTree, _ entry: SpecificationSection.Entry) {
        bag.report(
            "expected \(entry.type.words) for '\(entry.subject)', found \(tree.typeName)",
            at: tree.location, allowed: entry.type.allowed)
    }

    // MARK: - Scalars

    private mutating func integer(
        _ value: Int, in range: ClosedRange<Int>, _ entry: SpecificationSection.Entry,
        at location: SourceLocation
    ) -> SpecificationValue? {
        guard range.contains(value) else {
            bag.report(
                "'\(entry.key.rawValue)' is an integer from \(range.lowerBound) to "
                    + "\(range.upperBound), not \(value)", at: location)
            return nil
        }
        return .integer(value)
    }

    private mutating func number(
        _ value: Double, _ scalar: SyntaxTree.Scalar, in range: NumberRange,
        _ entry: SpecificationSection.Entry
    ) -> SpecificationValue? {
        guard range.contains(value) else {
            bag.report(
                "'\(entry.key.rawValue)' is a number \(range.words), not \(scalar.text)",
                at: scalar.location)
            return nil
        }
        return .number(value)
    }

    private mutating func text(
        _ text: String, _ entry: SpecificationSection.Entry, at location: SourceLocation
    ) -> SpecificationValue? {
        let isBlank = text.allSatisfy(\.isWhitespace)
        guard !isBlank, !text.unicodeScalars.contains(where: { $0.value < 32 }) else {
            bag.report("'\(entry.key.rawValue)' is text of one line", at: location)
            return nil
        }
        return .text(text)
    }

    private mutating func path(_ text: String, at location: SourceLocation) -> SpecificationValue? {
        if text.isEmpty || text.unicodeScalars.contains("\0") {
            bag.report("a path has at least one character, none of them zero", at: location)
            return nil
        }
        if let flaw = DataRoot.flaw(in: text) {
            bag.report(flaw, at: location)
            return nil
        }
        return .text(text)
    }

    private mutating func name(
        _ text: String, among names: [String], _ entry: SpecificationSection.Entry,
        at location: SourceLocation
    ) -> SpecificationValue? {
        guard names.contains(text) else {
            bag.report(
                "unknown \(entry.subject) '\(text)'", at: location,
                nearest: Spelling.nearest(to: text, among: names), allowed: entry.type.allowed)
            return nil
        }
        return .text(text)
    }

    // MARK: - Lists

    private mutating func risingList(
        _ items: [SyntaxTree], in range: ClosedRange<Int>, _ entry: SpecificationSection.Entry,
        at location: SourceLocation
    ) -> [Int]? {
        guard !items.isEmpty else {
            bag.report(
                "'\(entry.key.rawValue)' is an empty list; name a value or more",
                at: location)
            return nil
        }
        guard let values = integers(items, in: range, entry) else { return nil }
        for (index, value) in values.enumerated().dropFirst() where value <= values[index - 1] {
            bag.report(
                "'\(entry.key.rawValue)' rises from value to value; \(value) follows "
                    + "\(values[index - 1])", at: items[index].location)
            return nil
        }
        return values
    }

    private mutating func numbers(
        _ items: [SyntaxTree], named names: [String], in range: NumberRange,
        _ entry: SpecificationSection.Entry, at location: SourceLocation
    ) -> SpecificationValue? {
        guard items.count == names.count else {
            bag.report(
                "'\(entry.key.rawValue)' is a list of \(names.joined(separator: " and ")), "
                    + "not of \(items.count)", at: location)
            return nil
        }
        let values = items.map { number(in: $0, in: range, entry) }
        let found = values.compactMap(\.self)
        return found.count == items.count ? .numbers(found) : nil
    }

    private mutating func number(
        in item: SyntaxTree, in range: NumberRange, _ entry: SpecificationSection.Entry
    ) -> Double? {
        if case .scalar(let scalar) = item {
            switch scalar.literal {
            case .integer(let value):
                return number(Double(value), scalar, in: range, entry)?.number
            case .number(let value): return number(value, scalar, in: range, entry)?.number
            default: break
            }
        }
        bag.report(
            "expected a number in '\(entry.key.rawValue)', found \(item.typeName)",
            at: item.location)
        return nil
    }

    private mutating func names(
        _ items: [SyntaxTree], among names: [String], _ entry: SpecificationSection.Entry
    ) -> SpecificationValue? {
        let values = items.map { item -> String? in
            guard case .scalar(let scalar) = item, case .text(let text) = scalar.literal else {
                bag.report(
                    "expected text in '\(entry.key.rawValue)', found \(item.typeName)",
                    at: item.location, allowed: names)
                return nil
            }
            return name(text, among: names, entry, at: item.location)?.text
        }
        let found = values.compactMap(\.self)
        return found.count == items.count ? .texts(found) : nil
    }

    private mutating func texts(
        _ items: [SyntaxTree], _ entry: SpecificationSection.Entry, at location: SourceLocation
    ) -> SpecificationValue? {
        let values = items.map { item -> String? in
            guard case .scalar(let scalar) = item, case .text(let text) = scalar.literal else {
                bag.report(
                    "expected text in '\(entry.key.rawValue)', found \(item.typeName)",
                    at: item.location)
                return nil
            }
            return self.text(text, entry, at: item.location)?.text
        }
        let found = values.compactMap(\.self)
        if items.isEmpty {
            bag.report("'\(entry.key.rawValue)' is an empty list; name one or more", at: location)
        }
        return found.count == items.count && !items.isEmpty ? .texts(found) : nil
    }

    private mutating func seedList(
        _ items: [SyntaxTree], _ entry: SpecificationSection.Entry, at location: SourceLocation
    ) -> [Int]? {
        guard !items.isEmpty else {
            bag.report("'seeds' is an empty list; name a seed or more", at: location)
            return nil
        }
        guard let seeds = integers(items, in: 0...Int(Int32.max), entry) else { return nil }
        var first: [Int: SourceLocation] = [:]
        for (seed, item) in zip(seeds, items) {
            if let location = first.updateValue(item.location, forKey: seed) {
                bag.report(
                    "the seed \(seed) is named twice", at: item.location,
                    notes: [.init("first named here", at: location)])
                return nil
            }
        }
        return seeds
    }

    private mutating func integers(
        _ items: [SyntaxTree], in range: ClosedRange<Int>, _ entry: SpecificationSection.Entry
    ) -> [Int]? {
        let values = items.map { item -> Int? in
            guard case .scalar(let scalar) = item, case .integer(let value) = scalar.literal else {
                bag.report(
                    "expected an integer in '\(entry.key.rawValue)', found \(item.typeName)",
                    at: item.location)
                return nil
            }
            return integer(value, in: range, entry, at: item.location).map { _ in value }
        }
        let found = values.compactMap(\.self)
        return found.count == items.count ? found : nil
    }
}

/// What may stand after a key.
public indirect enum ValueType: Hashable, Sendable {
    case integer(ClosedRange<Int>)
    case number(NumberRange)
    /// `true` or `false`.
    case boolean
    /// Any text of one line.
    case text
    /// A path, in which `${VAR}` stands for an environment variable.
    case path
    /// One of a closed list of names.
    case name([String])
    /// One of a few names, or an integer.
    case nameOrInteger([String], ClosedRange<Int>)
    /// A list, at least one value long, each greater than the one before.
    case risingList(ClosedRange<Int>)
    /// A list of as many numbers as there are names for them.
    case numbers([String], NumberRange)
    /// A list of some of a closed list of names; empty for none of them.
    case names([String])
    /// Text, or a list of texts.
    case texts
    /// A list of maps with keys of their own; no axes inside.
    case maps(SpecificationSection)
    /// A map whose first key, its `name` or `path`, stands for the map with its defaults.
    case named(SpecificationSection)
    /// A map with a `name` and keys without which the name means nothing.
    case map(SpecificationSection)
    /// A count of seeds, or a list that names them.
    case seeds
    /// A list of maps, each of which overrides parts of the document.
    case variants

    /// The type in words, for messages and documentation.
    public var words: String {
        switch self {
        case .integer: "an integer"
        case .number: "a number"
        case .boolean: "true or false"
        case .text, .path, .name: "text"
        case .nameOrInteger(let names, _): "text (\(names.joined(separator: ", "))) or an integer"
        case .risingList: "a list of integers"
        case .numbers(let names, _): "a list of \(names.count) numbers"
        case .names: "a list of names"
        case .texts: "text or a list of texts"
        case .maps: "a list of maps"
        case .named(let section): "text (a \(section.shorthand.rawValue)) or a map"
        case .map: "a map"
        case .seeds: "an integer (a count) or a list of integers"
        case .variants: "a list of maps"
        }
    }

    /// The names that are allowed, where that is a closed list.
    public var allowed: [String] {
        switch self {
        case .name(let names), .names(let names): names
        case .nameOrInteger(let names, let range):
            names + ["an integer from \(range.lowerBound) to \(range.upperBound)"]
        case .boolean: ["true", "false"]
        case .named(let section), .map(let section): section.names
        case .integer, .number, .text, .path, .risingList, .numbers, .texts, .maps, .seeds,
            .variants:
            []
        }
    }

    /// The keys inside the value, where it is a map.
    public var section: SpecificationSection? {
        switch self {
        case .named(let section), .map(let section): section
        case .integer, .number, .boolean, .text, .path, .name, .nameOrInteger, .risingList,
            .numbers, .names, .texts, .maps, .seeds, .variants:
            nil
        }
    }

    /// Whether a list of plain values is the value itself, so that an axis is a list of lists.
    var isList: Bool {
        switch self {
        case .risingList, .numbers, .names, .texts: true
        case .integer, .number, .boolean, .text, .path, .name, .nameOrInteger, .maps, .named,
            .map, .seeds, .variants:
            false
        }
    }
}

/// The numbers that a key accepts.
public enum NumberRange: Hashable, Sendable {
    case positive
    case nonNegative
    /// 0 ≤ x < 1
    case share
    /// 0 ≤ x ≤ 1
    case unit
    /// 0 < x ≤ 1
    case positiveUnit

    public func contains(_ value: Double) -> Bool {
        switch self {
        case .positive: value > 0
        case .nonNegative: value >= 0
        case .share: value >= 0 && value < 1
        case .unit: value >= 0 && value <= 1
        case .positiveUnit: value > 0 && value <= 1
        }
    }

    public var words: String {
        switch self {
        case .positive: "greater than 0"
        case .nonNegative: "at least 0"
        case .share: "at least 0 and less than 1"
        case .unit: "between 0 and 1"
        case .positiveUnit: "greater than 0 and at most 1"
        }
    }
}

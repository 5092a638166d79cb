/// A value that fits its key's type, without axes: what one row of the grid has there.
indirect enum SpecificationValue: Hashable, Sendable {
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case text(String)
    case list([Int])
    case map([SpecificationKey: PlacedValue])
}

/// A value with the place that gave it. Two are equal if their values are.
struct PlacedValue: Hashable, Sendable {
    let value: SpecificationValue
    let location: SourceLocation

    static func == (first: PlacedValue, second: PlacedValue) -> Bool {
        first.value == second.value
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(value)
    }
}

// The parser has checked the types; nil means that the key is not there.
extension [SpecificationKey: PlacedValue] {
    func integer(_ key: SpecificationKey) -> Int? {
        if case .integer(let value) = self[key]?.value { value } else { nil }
    }

    func number(_ key: SpecificationKey) -> Double? {
        if case .number(let value) = self[key]?.value { value } else { nil }
    }

    func boolean(_ key: SpecificationKey) -> Bool? {
        if case .boolean(let value) = self[key]?.value { value } else { nil }
    }

    func text(_ key: SpecificationKey) -> String? {
        if case .text(let value) = self[key]?.value { value } else { nil }
    }

    func list(_ key: SpecificationKey) -> [Int]? {
        if case .list(let value) = self[key]?.value { value } else { nil }
    }
}

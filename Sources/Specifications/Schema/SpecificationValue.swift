/// A value that fits its key's type, without axes: what one row of the grid has there.
indirect enum SpecificationValue: Hashable, Sendable {
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case text(String)
    case list([Int])
    case numbers([Double])
    case texts([String])
    case maps([PlacedValue])
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

// The reader has checked the types; nil means that the value is of another one.
extension SpecificationValue {
    var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    var number: Double? { if case .number(let value) = self { value } else { nil } }
    var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
    var text: String? { if case .text(let value) = self { value } else { nil } }
    var list: [Int]? { if case .list(let values) = self { values } else { nil } }
    var numbers: [Double]? { if case .numbers(let values) = self { values } else { nil } }
    var texts: [String]? { if case .texts(let values) = self { values } else { nil } }
    var maps: [PlacedValue]? { if case .maps(let values) = self { values } else { nil } }
    var map: [SpecificationKey: PlacedValue]? { if case .map(let map) = self { map } else { nil } }

    /// The case of a closed list of names.
    func name<Name: RawRepresentable<String>>() -> Name? { text.flatMap(Name.init) }
}

// nil means that the key is not there.
extension [SpecificationKey: PlacedValue] {
    func integer(_ key: SpecificationKey) -> Int? { self[key]?.value.integer }
    func number(_ key: SpecificationKey) -> Double? { self[key]?.value.number }
    func boolean(_ key: SpecificationKey) -> Bool? { self[key]?.value.boolean }
    func text(_ key: SpecificationKey) -> String? { self[key]?.value.text }
    func list(_ key: SpecificationKey) -> [Int]? { self[key]?.value.list }
    func numbers(_ key: SpecificationKey) -> [Double]? { self[key]?.value.numbers }
    func texts(_ key: SpecificationKey) -> [String]? { self[key]?.value.texts }
    func name<Name: RawRepresentable<String>>(_ key: SpecificationKey) -> Name? {
        self[key]?.value.name()
    }
}

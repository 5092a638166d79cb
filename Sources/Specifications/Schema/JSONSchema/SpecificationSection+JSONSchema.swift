extension SpecificationSection {
    /// The schema of the map.
    ///
    /// - Parameter isVariant: whether it is an override inside a document, which has no variants of
    ///   its own.
    func schema(_ form: JSONSchema.Form, isVariant: Bool = false) -> JSONValue {
        let entries = entries.filter { !(isVariant && $0.type == .variants) }
        let properties = Dictionary(
            entries.map { ($0.key.rawValue, $0.schema(form)) }, uniquingKeysWith: { $1 })
        let needed = entries.filter { $0.presence == .required && $0.owners == nil }
        let schema: JSONValue = [
            "title": .string(title), "type": "object", "properties": .object(properties),
            "additionalProperties": false,
        ]
        let required: [String: JSONValue] =
            form == .partial || needed.isEmpty
            ? [:] : ["required": .strings(needed.map(\.key.rawValue))]
        let rules = ownership(entries, form)
        return schema.with(required).with(rules.isEmpty ? [:] : ["allOf": .array(rules)])
    }

    /// Keys that belong to some names: they stand beside no other, and may be needed by theirs.
    private func ownership(_ entries: [Entry], _ form: JSONSchema.Form) -> [JSONValue] {
        entries.flatMap { entry -> [JSONValue] in
            guard let owners = entry.owners else { return [] }
            let key = JSONValue.strings([entry.key.rawValue])
            let belongs: JSONValue = [
                "if": ["required": key],
                "then": ["properties": ["name": Self.only(owners)]],
            ]
            guard entry.presence == .required, form != .partial else { return [belongs] }
            let needed: JSONValue = [
                "if": ["required": ["name"], "properties": ["name": Self.any(of: owners)]],
                "then": ["required": key],
            ]
            return [belongs, needed]
        }
    }

    /// A name, or an axis of names, all of them among these.
    private static func only(_ names: [String]) -> JSONValue {
        [
            "anyOf": [
                ["enum": .strings(names)],
                ["type": "array", "items": ["enum": .strings(names)]],
            ]
        ]
    }

    /// A name, or an axis of names, at least one of them among these.
    private static func any(of names: [String]) -> JSONValue {
        [
            "anyOf": [
                ["enum": .strings(names)],
                ["type": "array", "contains": ["enum": .strings(names)]],
            ]
        ]
    }

    /// The names that mean something without another key.
    fileprivate func namesAlone(_ form: JSONSchema.Form) -> [String] {
        guard form != .partial else { return names }
        let needed = entries.filter { $0.presence == .required && $0.key != .name }
        return names.filter { name in
            !needed.contains { $0.owners?.contains(name) ?? true }
        }
    }
}

extension SpecificationSection.Entry {
    fileprivate func schema(_ form: JSONSchema.Form) -> JSONValue {
        let value = type.schema(form)
        let schema = isAxis ? axis(of: value, form) : value
        return schema.with(["description": .string(summary)]).with(standard)
    }

    /// The value or a list of values; the two never fit the same thing, since where a list is the
    /// value itself an axis is a list of lists.
    private func axis(of value: JSONValue, _ form: JSONSchema.Form) -> JSONValue {
        let list: JSONValue = [
            "title": "an axis of the grid", "type": "array", "items": value, "minItems": 1,
            "uniqueItems": true,
        ]
        return ["oneOf": [value, form == .single ? list.with(["maxItems": 1]) : list]]
    }

    private var standard: [String: JSONValue] {
        guard case .defaults(let text) = presence else { return [:] }
        return ["default": JSONValue(specLiteral: text)]
    }
}

extension JSONValue {
    /// What a plain word of a spec means.
    fileprivate init(specLiteral text: String) {
        let place = SourceLocation(source: SourceText(name: "", text: text), line: 1, column: 1)
        switch SyntaxTree.Scalar(text: text, isQuoted: false, location: place).literal {
        case .integer(let value): self = .integer(value)
        case .number(let value): self = .number(value)
        case .boolean(let value): self = .boolean(value)
        case .text, .nothing, .malformedNumber: self = .string(text)
        }
    }
}

extension SpecificationSection {
    /// What may stand for the map: one of its names, or the path that is its first key.
    fileprivate func shorthandSchema(_ form: JSONSchema.Form) -> JSONValue {
        names.isEmpty
            ? entries.first?.type.schema(form) ?? .line : ["enum": .strings(namesAlone(form))]
    }
}

extension ValueType {
    /// One value of the type, no axis around it.
    fileprivate func schema(_ form: JSONSchema.Form) -> JSONValue {
        switch self {
        case .integer(let range): .integers(range)
        case .number(let range): range.schema
        case .boolean: ["type": "boolean"]
        case .text: .line
        case .path: ["type": "string", "minLength": 1]
        case .name(let names): ["enum": .strings(names)]
        case .nameOrInteger(let names, let range):
            ["oneOf": [["enum": .strings(names)], .integers(range)]]
        case .risingList(let range):
            [
                "type": "array", "items": .integers(range), "minItems": 1, "uniqueItems": true,
            ]
        case .numbers(let names, let range):
            [
                "type": "array", "title": .string(names.joined(separator: ", ")),
                "items": range.schema, "minItems": .integer(names.count),
                "maxItems": .integer(names.count),
            ]
        case .names(let names): ["type": "array", "items": ["enum": .strings(names)]]
        case .texts:
            ["oneOf": [.line, ["type": "array", "items": .line, "minItems": 1]]]
        case .maps(let section):
            ["type": "array", "items": JSONSchema.Definition(section, .single).reference]
        case .named(let section):
            [
                "oneOf": [
                    section.shorthandSchema(form),
                    JSONSchema.Definition(section, form).reference,
                ]
            ]
        case .map(let section): JSONSchema.Definition(section, form).reference
        case .seeds: .seeds
        case .variants:
            ["type": "array", "items": JSONSchema.variantReference]
        }
    }
}

extension JSONValue {
    fileprivate static func integers(_ range: ClosedRange<Int>) -> JSONValue {
        [
            "type": "integer", "minimum": .integer(range.lowerBound),
            "maximum": .integer(range.upperBound),
        ]
    }

    /// Text of one line that is not blank.
    fileprivate static let line: JSONValue = [
        "type": "string", "pattern": #"^[^\u0000-\u001f]*[^\s\u0000-\u001f][^\u0000-\u001f]*$"#,
    ]

    fileprivate static let seeds: JSONValue = [
        "oneOf": [
            .integers(1...SectionReader.largestSeedCount),
            [
                "type": "array", "items": .integers(0...Int(Int32.max)), "minItems": 1,
                "uniqueItems": true,
            ],
        ]
    ]
}

extension NumberRange {
    fileprivate var schema: JSONValue {
        switch self {
        case .positive: ["type": "number", "exclusiveMinimum": 0]
        case .nonNegative: ["type": "number", "minimum": 0]
        case .share: ["type": "number", "minimum": 0, "exclusiveMaximum": 1]
        case .unit: ["type": "number", "minimum": 0, "maximum": 1]
        case .positiveUnit: ["type": "number", "exclusiveMinimum": 0, "maximum": 1]
        }
    }
}

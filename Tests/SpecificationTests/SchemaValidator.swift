import Foundation
import Yams

/// A validator of JSON Schema for the keywords that the schema of specs uses, written after the
/// standard and not after the code that writes the schema; any other keyword is an error.
///
/// *Reference:* JSON Schema, draft 2020-12: core §10, validation §6.
struct SchemaValidator: Sendable {
    private let root: Document

    init(_ text: String) throws {
        root = try JSONDecoder().decode(Document.self, from: Data(text.utf8))
    }

    struct UnknownKeyword: Error { let name: String }

    func accepts(_ value: Document) throws -> Bool { try accepts(value, root) }

    private func accepts(_ value: Document, _ schema: Document) throws -> Bool {
        if case .boolean(let verdict) = schema { return verdict }
        return try schema.map.allSatisfy { keyword, argument in
            try holds(keyword, argument, value, in: schema.map)
        }
    }

    private func holds(
        _ keyword: String, _ argument: Document, _ value: Document, in schema: [String: Document]
    ) throws -> Bool {
        switch keyword {
        case "$schema", "$defs", "title", "description", "default", "then", "else": return true
        case "$ref":
            let name = String((argument.text ?? "").dropFirst("#/$defs/".count))
            return try accepts(value, root.map["$defs"]?.map[name] ?? .boolean(false))
        case "type": return value.hasType(argument.text ?? "")
        case "enum": return argument.list.contains(value)
        case "oneOf": return try argument.list.count { try accepts(value, $0) } == 1
        case "anyOf": return try argument.list.contains { try accepts(value, $0) }
        case "allOf": return try argument.list.allSatisfy { try accepts(value, $0) }
        case "if":
            let branch = schema[try accepts(value, argument) ? "then" : "else"]
            return try branch.map { try accepts(value, $0) } ?? true
        default:
            switch value {
            case .map(let map): return try holds(keyword, argument, map: map, in: schema)
            case .list(let items): return try holds(keyword, argument, items: items)
            case .number(let number): return try holds(keyword, argument, number: number)
            case .text(let text): return try holds(keyword, argument, text: text)
            case .boolean, .nothing: return try isOther(keyword, than: [])
            }
        }
    }

    private static let keywords = [
        ["properties", "required", "additionalProperties"],
        ["items", "contains", "minItems", "maxItems", "uniqueItems"],
        ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"], ["pattern", "minLength"],
    ]

    /// A keyword about values of another type says nothing about this one.
    private func isOther(_ keyword: String, than own: [String]) throws -> Bool {
        guard Self.keywords.joined().contains(keyword), !own.contains(keyword) else {
            throw UnknownKeyword(name: keyword)
        }
        return true
    }

    private func holds(
        _ keyword: String, _ argument: Document, map: [String: Document],
        in schema: [String: Document]
    ) throws -> Bool {
        switch keyword {
        case "properties":
            try argument.map.allSatisfy { key, inner in
                try map[key].map { try accepts($0, inner) } ?? true
            }
        case "required": argument.list.allSatisfy { map[$0.text ?? ""] != nil }
        case "additionalProperties":
            Set(map.keys).isSubset(of: (schema["properties"]?.map ?? [:]).keys)
        default: try isOther(keyword, than: Self.keywords[0])
        }
    }

    private func holds(_ keyword: String, _ argument: Document, items: [Document]) throws -> Bool {
        switch keyword {
        case "items": try items.allSatisfy { try accepts($0, argument) }
        case "contains": try items.contains { try accepts($0, argument) }
        case "minItems": Double(items.count) >= argument.number
        case "maxItems": Double(items.count) <= argument.number
        case "uniqueItems": Set(items).count == items.count
        default: try isOther(keyword, than: Self.keywords[1])
        }
    }

    private func holds(_ keyword: String, _ argument: Document, number: Double) throws -> Bool {
        switch keyword {
        case "minimum": number >= argument.number
        case "maximum": number <= argument.number
        case "exclusiveMinimum": number > argument.number
        case "exclusiveMaximum": number < argument.number
        default: try isOther(keyword, than: Self.keywords[2])
        }
    }

    private func holds(_ keyword: String, _ argument: Document, text: String) throws -> Bool {
        switch keyword {
        case "pattern": try text.contains(Regex(argument.text ?? ""))
        case "minLength": Double(text.unicodeScalars.count) >= argument.number
        default: try isOther(keyword, than: Self.keywords[3])
        }
    }
}

/// A JSON or YAML value.
enum Document: Hashable, Sendable, Decodable {
    case map([String: Document])
    case list([Document])
    case text(String)
    case number(Double)
    case boolean(Bool)
    case nothing

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([Document].self) {
            self = .list(value)
        } else if let value = try? container.decode([String: Document].self) {
            self = .map(value)
        } else {
            self = .nothing
        }
    }

    /// A YAML text by the core schema of YAML 1.2, numbers decimal.
    init(yaml text: String) throws {
        self = try Yams.compose(yaml: text).map(Document.init) ?? .nothing
    }

    private init(_ node: Node) {
        switch node {
        case .mapping(let mapping):
            self = .map(
                Dictionary(
                    mapping.map { ($0.key.scalar?.string ?? "?", Document($0.value)) },
                    uniquingKeysWith: { $1 }))
        case .sequence(let items): self = .list(items.map(Document.init))
        case .scalar(let scalar):
            self = scalar.style == .plain ? Self.plain(scalar.string) : .text(scalar.string)
        case .alias: self = .nothing
        }
    }

    private static func plain(_ text: String) -> Document {
        switch text {
        case "", "~", "null", "Null", "NULL": .nothing
        case "true": .boolean(true)
        case "false": .boolean(false)
        default:
            text.wholeMatch(of: /[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?/) == nil
                ? .text(text) : Double(text).map(number) ?? .text(text)
        }
    }

    var map: [String: Document] { if case .map(let value) = self { value } else { [:] } }
    var list: [Document] { if case .list(let value) = self { value } else { [] } }
    var text: String? { if case .text(let value) = self { value } else { nil } }
    var number: Double { if case .number(let value) = self { value } else { .nan } }

    func hasType(_ type: String) -> Bool {
        switch self {
        case .map: type == "object"
        case .list: type == "array"
        case .text: type == "string"
        case .number(let value):
            type == "number" || (type == "integer" && value == value.rounded())
        case .boolean: type == "boolean"
        case .nothing: type == "null"
        }
    }
}

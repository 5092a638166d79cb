/// The spec language as a JSON Schema, for editors and other programs.
///
/// It follows from the tables of this folder alone: a key that is added there is in it. What a
/// schema cannot say (that milestones rise, that groups divide the channels) only `plan` finds; the
/// schema never refuses what `plan` accepts.
///
/// *Reference:* JSON Schema, draft 2020-12.
public enum JSONSchema {
    /// The whole schema.
    public static var document: JSONValue {
        let forms = [Definition(.document, .whole), Definition(.document, .partial)]
        return [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "A gc-bench spec",
            "description":
                "What to train and to compare. A list in place of a value is an axis of the grid.",
            "type": "object",
            // What variants add or replace may be missing beside them.
            "if": [
                "required": [.string(SpecificationKey.variants.rawValue)],
                "properties": [SpecificationKey.variants.rawValue: ["minItems": 1]],
            ],
            "then": forms[1].reference,
            "else": forms[0].reference,
            "$defs": .object(definitions(forms)),
        ]
    }

    /// How much of a map has to be there.
    enum Form: String {
        /// Everything that is required.
        case whole
        /// What is there replaces or completes what another place says.
        case partial
        /// Everything that is required, and each key has one value.
        case single
    }

    /// The schema of a section in one form, under its name.
    struct Definition: Hashable {
        let section: SpecificationSection
        let form: Form

        init(_ section: SpecificationSection, _ form: Form) {
            self.section = section
            self.form = form
        }

        /// Such as `parameter_group.single`.
        var name: String {
            section.title.split(separator: " ").drop { $0 == "a" }.joined(separator: "_")
                + "." + form.rawValue
        }

        var reference: JSONValue { ["$ref": .string("#/$defs/" + name)] }

        /// The definitions that this one refers to.
        var inner: [Definition] {
            section.entries.compactMap { entry in
                switch entry.type {
                case .named(let section), .map(let section): Definition(section, form)
                case .maps(let section): Definition(section, .single)
                case .integer, .number, .boolean, .text, .path, .name, .nameOrInteger,
                    .risingList, .numbers, .names, .texts, .seeds, .variants:
                    nil
                }
            }
        }
    }

    static let variantReference: JSONValue = ["$ref": "#/$defs/variant"]

    private static func definitions(_ roots: [Definition]) -> [String: JSONValue] {
        var schemas = ["variant": SpecificationSection.document.schema(.partial, isVariant: true)]
        var rest = roots
        while let next = rest.popLast() {
            guard schemas[next.name] == nil else { continue }
            schemas[next.name] = next.section.schema(next.form)
            rest += next.inner
        }
        return schemas
    }
}

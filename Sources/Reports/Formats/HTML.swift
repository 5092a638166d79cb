/// Elements of a page.
enum HTML {
    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }

    /// A name and a text beside it, one pair a line; empty without any.
    static func definitions(_ items: [(name: String, text: String)]) -> String {
        if items.isEmpty { return "" }
        let lines = items.map { "<dt>\(escaped($0.name))</dt><dd>\(escaped($0.text))</dd>" }
        return "<dl>\n\(lines.joined(separator: "\n"))\n</dl>"
    }

    static func list(_ items: [String]) -> String {
        items.isEmpty ? "" : "<ul>" + items.map { "<li>\(escaped($0))</li>" }.joined() + "</ul>"
    }

    static func commands(_ lines: [String]) -> String {
        "<pre><code>\(escaped(lines.joined(separator: "\n")))</code></pre>"
    }

    static func table(head: [String], rows: [[String]]) -> String {
        let lines = rows.map { "<tr>\($0.joined())</tr>" }.joined(separator: "\n")
        return """
            <div class="scroll"><table>
            <thead><tr>\(head.joined())</tr></thead>
            <tbody>
            \(lines)
            </tbody>
            </table></div>
            """
    }

    /// A cell whose text is escaped, and leads to `target` where there is one.
    static func cell(
        _ tag: String, _ text: String, isNumeric: Bool = false, link target: String? = nil,
        style: String? = nil
    ) -> String {
        let classes = [isNumeric ? "number" : nil, style].compactMap(\.self)
        let attribute = classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
        let content = escaped(text)
        let linked = target.map { "<a href=\"#\($0)\">\(content)</a>" } ?? content
        return "<\(tag)\(attribute)>\(text.isEmpty ? "" : linked)</\(tag)>"
    }
}

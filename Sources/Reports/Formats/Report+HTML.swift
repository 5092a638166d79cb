extension Report {
    /// One self-contained page, readable on a phone, in the dark and on paper.
    var html: String {
        let body = tables.isEmpty ? "<p>\(HTML.escaped(emptyMessage))</p>" : sections
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>gc-bench report</title>
            <style>
            :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
            body { margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }
            .scroll { overflow-x: auto; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
            th, td { border-bottom: 1px solid #8886; padding: .3rem .7rem; text-align: left; }
            th { vertical-align: bottom; }
            .number { text-align: right; white-space: nowrap; }
            .warning { border-left: .3rem solid #c60; padding-left: .7rem; font-weight: 600; }
            pre { overflow-x: auto; background: #8882; padding: .7rem; }
            </style>
            </head>
            <body>
            <h1>gc-bench report</h1>
            \(body)
            </body>
            </html>

            """
    }

    private var sections: String { tables.map(html).joined(separator: "\n") }

    private func html(_ table: TableReport) -> String {
        let notes = TableNotes(table, storePath: storePath)
        var parts = ["<h2>\(HTML.escaped(table.title))</h2>"]
        if let warning = table.evidence.warning {
            parts.append("<p class=\"warning\">\(HTML.escaped(warning))</p>")
        }
        if let label = table.onlyLabel { parts.append("<p>\(HTML.escaped(label))</p>") }
        for section in table.sections {
            parts.append(HTML.table(Grid(section, isAlone: table.onlyLabel != nil)))
        }
        parts.append(HTML.list(notes.notes.map { "\($0.name): \($0.text)" }))
        if !notes.unfinished.isEmpty {
            parts.append("<p>Without a result:</p>" + HTML.list(notes.unfinished))
        }
        if !notes.commands.isEmpty {
            let commands = HTML.escaped(notes.commands.joined(separator: "\n"))
            parts.append("<p>To repeat it:</p><pre>\(commands)</pre>")
        }
        return parts.joined(separator: "\n")
    }
}

private enum HTML {
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

    static func list(_ items: [String]) -> String {
        items.isEmpty ? "" : "<ul>" + items.map { "<li>\(escaped($0))</li>" }.joined() + "</ul>"
    }

    static func table(_ grid: Grid) -> String {
        let head = grid.columns.map { cell("th", $0.heading, $0.isNumeric) }.joined()
        let rows = (0..<(grid.columns.first?.cells.count ?? 0)).map { row in
            "<tr>" + grid.columns.map { cell("td", $0.cells[row], $0.isNumeric) }.joined() + "</tr>"
        }
        return """
            <div class="scroll"><table>
            <thead><tr>\(head)</tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table></div>
            """
    }

    private static func cell(_ tag: String, _ text: String, _ isNumeric: Bool) -> String {
        "<\(tag)\(isNumeric ? " class=\"number\"" : "")>\(escaped(text))</\(tag)>"
    }
}

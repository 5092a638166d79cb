extension Report {
    var markdown: String { markdown(pictures: []) }

    /// - Parameter pictures: files beside it, which it shows.
    func markdown(pictures: [CurvePicture]) -> String {
        if tables.isEmpty { return emptyMessage + "\n" }
        return tables.map { table in
            markdown(table, pictures.filter { $0.table == table.anchor })
        }.joined(separator: "\n\n") + "\n"
    }

    private func markdown(_ table: TableReport, _ pictures: [CurvePicture]) -> String {
        let notes = TableNotes(table, storePath: storePath)
        var blocks = ["## \(Markdown.escaped(table.title))"]
        if let warning = table.evidence.warning { blocks.append("**\(warning)**") }
        if let label = table.onlyLabel { blocks.append(Markdown.escaped(label)) }
        for section in table.sections {
            let grid = Grid(section, isAlone: table.onlyLabel != nil)
            blocks.append(Markdown.table(grid))
        }
        if table.sections.isEmpty { blocks.append("Nothing has been measured yet.") }
        if !pictures.isEmpty {
            blocks.append(pictures.map(\.markdown).joined(separator: "\n"))
            blocks.append(
                "Lines are means over the seeds, bands reach from the lowest to the highest.")
        }
        let lines = notes.notes.map { "- \($0.name): \(Markdown.escaped($0.text))" }
        if !lines.isEmpty { blocks.append(lines.joined(separator: "\n")) }
        let jobs = JobList(table).lines
        if !jobs.isEmpty {
            let lines = jobs.map { "- \(Markdown.escaped($0))" }
            blocks.append((["Jobs behind each line:", ""] + lines).joined(separator: "\n"))
        }
        if !notes.unfinished.isEmpty {
            let jobs = notes.unfinished.map { "- \(Markdown.escaped($0))" }
            blocks.append((["Without a result:", ""] + jobs).joined(separator: "\n"))
        }
        if !notes.commands.isEmpty {
            let fenced = ["```sh"] + notes.commands + ["```"]
            blocks.append((["To repeat it:", ""] + fenced).joined(separator: "\n"))
        }
        return blocks.joined(separator: "\n\n")
    }
}

/// Markdown that reads well unrendered, too.
enum Markdown {
    static func table(_ grid: Grid) -> String {
        let columns = grid.columns.map { Column($0) }
        let rowCount = grid.columns.first?.cells.count ?? 0
        var lines = [
            line(columns.map { $0.padded($0.heading) }), line(columns.map(\.rule)),
        ]
        for row in 0..<rowCount {
            lines.append(line(columns.map { $0.padded($0.cells[row]) }))
        }
        return lines.joined(separator: "\n")
    }

    /// Text that cannot end a cell or a line, nor start a tag.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "|": result += "\\|"
            case "<": result += "&lt;"
            case _ where character.isNewline: result += " "
            default: result.append(character)
            }
        }
        return result
    }

    private static func line(_ cells: [String]) -> String {
        "| " + cells.joined(separator: " | ") + " |"
    }

    private struct Column {
        let heading: String
        let isNumeric: Bool
        let cells: [String]
        let width: Int

        init(_ column: Grid.Column) {
            heading = escaped(column.heading)
            isNumeric = column.isNumeric
            cells = column.cells.map(escaped)
            width = ([heading] + cells).map(\.count).max().map { max($0, 3) } ?? 3
        }

        var rule: String {
            isNumeric
                ? String(repeating: "-", count: width - 1) + ":"
                : String(repeating: "-", count: width)
        }

        func padded(_ text: String) -> String {
            let padding = String(repeating: " ", count: width - text.count)
            return isNumeric ? padding + text : text + padding
        }
    }
}

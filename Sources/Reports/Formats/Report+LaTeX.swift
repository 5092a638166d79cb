extension Report {
    /// Tables for a paper; needs the packages `booktabs` and `graphicx`.
    var latex: String {
        if tables.isEmpty { return "% \(emptyMessage)\n" }
        return "% \\usepackage{booktabs,graphicx}\n\n"
            + tables.map { latex($0) }.joined(separator: "\n\n") + "\n"
    }

    private func latex(_ table: TableReport) -> String {
        let notes = TableNotes(table, storePath: storePath)
        var lines = [
            "\\begin{table}", "\\centering", "\\caption{\(LaTeX.escaped(caption(table)))}",
        ]
        for section in table.sections {
            lines += LaTeX.table(Grid(section, isAlone: table.onlyLabel != nil))
        }
        if table.sections.isEmpty { lines.append("Nothing has been measured yet.") }
        lines.append("\\end{table}")
        lines += notes.notes.map {
            "\\noindent\\textbf{\($0.name)}: \(LaTeX.escaped($0.text))\\par"
        }
        lines += notes.unfinished.map { "% without a result: \(LaTeX.line($0))" }
        lines += JobList(table).lines.map { "% jobs of \(LaTeX.line($0))" }
        if !notes.commands.isEmpty {
            lines += ["\\begin{verbatim}"] + notes.commands + ["\\end{verbatim}"]
        }
        return lines.joined(separator: "\n")
    }

    private func caption(_ table: TableReport) -> String {
        let sentences = [table.title, table.onlyLabel, table.evidence.warning].compactMap(\.self)
        return sentences.map { $0.hasSuffix(".") ? $0 : $0 + "." }.joined(separator: " ")
    }
}

/// Text and tables as LaTeX reads them.
enum LaTeX {
    static func table(_ grid: Grid) -> [String] {
        let alignment = grid.columns.map { $0.kind == .number ? "r" : "l" }.joined()
        let rowCount = grid.columns.first?.cells.count ?? 0
        let rows = (0..<rowCount).map { row in line(grid.columns.map { $0.cells[row] }) }
        let tabular =
            ["\\begin{tabular}{\(alignment)}", "\\toprule", line(grid.columns.map(\.heading))]
            + ["\\midrule"] + rows + ["\\bottomrule", "\\end{tabular}"]
        let isWide = grid.columns.count > mostColumns
        return isWide ? ["\\resizebox{\\textwidth}{!}{%"] + tabular + ["}"] : tabular
    }

    /// More would run over the margin.
    private static let mostColumns = 6

    private static func line(_ cells: [String]) -> String {
        cells.map { minus(escaped($0)) }.joined(separator: " & ") + " \\\\"
    }

    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "#", "$", "%", "&", "_", "{", "}": result += "\\\(character)"
            case "\\": result += "\\textbackslash{}"
            case "~": result += "\\textasciitilde{}"
            case "^": result += "\\textasciicircum{}"
            case "<": result += "$<$"
            case ">": result += "$>$"
            case "|": result += "$|$"
            case "±": result += "$\\pm$"
            case "≥": result += "$\\geq$"
            case "×": result += "$\\times$"
            case "√": result += "$\\surd$"
            case "δ": result += "$\\delta$"
            case "→": result += "$\\rightarrow$"
            case "−": result += "$-$"
            case _ where character.isNewline: result += " "
            default: result.append(character)
            }
        }
    }

    /// The sign of a number, where a hyphen would be set.
    private static func minus(_ cell: String) -> String {
        cell.replacing(/(^|\ )-([0-9])/) { "\($0.output.1)$-$\($0.output.2)" }
    }

    /// A comment must not end early.
    static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}

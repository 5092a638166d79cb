import Metrics
import Records

extension Report {
    /// One self-contained page: tables, curves, throughput, and the jobs behind every number.
    var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>gc-bench report</title>
        <style>
        \(HTMLStyle.sheet)</style>
        </head>
        <body>
        <header>
        <h1>gc-bench report</h1>
        <p class="soft">Does Gradient Centralization help, where, and by how much? Every number \
        leads to the jobs that it comes from, every table ends with the command that repeats it.</p>
        \(contents)</header>
        <main>
        \(tables.isEmpty ? "<p>\(HTML.escaped(emptyMessage))</p>" : sections)
        </main>
        </body>
        </html>

        """
    }

    private var sections: String { tables.map(html).joined(separator: "\n") }

    private var contents: String {
        guard tables.count > 1 else { return "" }
        let items = tables.map { table in
            "<li><a href=\"#\(table.anchor)\">\(HTML.escaped(table.name + table.evidence.mark))</a>"
                + "</li>"
        }
        return "<nav><ul>\(items.joined())</ul></nav>\n"
    }

    private func html(_ table: TableReport) -> String {
        let notes = TableNotes(table, storePath: storePath)
        var parts = ["<section>\n<h2 id=\"\(table.anchor)\">\(HTML.escaped(table.title))</h2>"]
        if let warning = table.evidence.warning {
            parts.append("<p class=\"warning\">\(HTML.escaped(warning))</p>")
        }
        if let label = table.onlyLabel { parts.append("<p>\(HTML.escaped(label))</p>") }
        parts += table.sections.map { HTMLTable(table, $0).text }
        parts.append(HTML.definitions(notes.notes.map { ($0.name, $0.text) }))
        parts += [
            HTMLCurves(rows: CurvePanel.panels(table, curves)).text, HTMLThroughput(table).text,
            JobList(table).html,
        ]
        if !notes.unfinished.isEmpty {
            parts.append("<h3>Without a result</h3>" + HTML.list(notes.unfinished))
        }
        if !notes.commands.isEmpty {
            parts.append("<h3>To repeat it</h3>\n" + HTML.commands(notes.commands))
        }
        return (parts.filter { !$0.isEmpty } + ["</section>"]).joined(separator: "\n")
    }
}

/// The lines of a section; numbers lead to the jobs of their line.
private struct HTMLTable {
    let text: String

    init(_ table: TableReport, _ section: TableReport.Section) {
        let grid = Grid(section, isAlone: table.onlyLabel != nil)
        let rows = section.rows.indices.map { index in
            let row = section.rows[index]
            let target = row.cell.jobs.isEmpty ? nil : table.anchor(of: index)
            return grid.columns.map { column in
                HTML.cell(
                    "td", column.cells[index], isNumeric: column.kind == .number,
                    link: column.kind == .number ? target : nil,
                    style: Self.style(column, row, column.cells[index]))
            }
        }
        text = HTML.table(
            head: grid.columns.map {
                HTML.cell("th", $0.heading, isNumeric: $0.kind == .number)
            }, rows: rows)
    }

    private static func style(_ column: Grid.Column, _ row: CellReport, _ text: String) -> String? {
        switch column.kind {
        case .number, .text: nil
        case .mode: "mode \(row.cell.gc)"
        case .verdict: text.isEmpty ? nil : "verdict \(tone(text))"
        }
    }

    private static func tone(_ verdict: String) -> String {
        if ["helps", "reproduced", "consistent"].contains(verdict) { return "good" }
        return ["hurts", "contradicted"].contains(verdict) ? "bad" : "open"
    }
}

/// The pictures of a table.
private struct HTMLCurves {
    let rows: [CurvePanel.Row]

    var text: String {
        guard !rows.isEmpty else { return "" }
        let groups = rows.map { row in
            let title = rows.count > 1 ? "<h4>\(HTML.escaped(row.label))</h4>\n" : ""
            return "\(title)<div class=\"charts\">\n"
                + row.panels.map(figure).joined(separator: "\n") + "\n</div>"
        }
        return """
            <h3>Training curves</h3>
            <p class="soft">Lines are means over the seeds that finished, bands reach from the lowest \
            seed to the highest.</p>
            \(groups.joined(separator: "\n"))
            """
    }

    private func figure(_ panel: CurvePanel) -> String {
        let unit = panel.unit.isEmpty ? "" : " (\(panel.unit))"
        return """
            <figure><figcaption>\(HTML.escaped(panel.title + unit))</figcaption>
            \(LineChart(panel).svg)
            </figure>
            """
    }
}

/// Training images per second of each arm, as a bar and a number.
private struct HTMLThroughput {
    let text: String

    init(_ table: TableReport) {
        let cells = table.sections.first?.rows.map(\.cell) ?? []
        let rates = cells.map { cell in
            Sample(cell.jobs.filter { $0.state.isDone }.compactMap { $0.attempt?.imagesPerSecond })
        }
        let fastest = rates.compactMap(\.mean).max() ?? 0
        guard fastest > 0 else {
            text = ""
            return
        }
        func label(_ text: String, _ tag: String) -> [String] {
            table.onlyLabel == nil ? [HTML.cell(tag, text)] : []
        }
        let rows = cells.indices.filter { rates[$0].count > 0 }.map { index in
            let (cell, rate) = (cells[index], rates[index])
            let share = Numbers.fixed(100 * (rate.mean ?? 0) / fastest, digits: 1)
            return label(cell.fullLabel, "td") + [
                HTML.cell("td", cell.gc, style: "mode \(cell.gc)"),
                "<td class=\"wide\"><span class=\"bar \(cell.gc)\" style=\"width: \(share)%\">"
                    + "</span></td>",
                HTML.cell(
                    "td", Numbers.spread(rate, digits: 0), isNumeric: true,
                    link: table.anchor(of: index)),
            ]
        }
        let head =
            label("row", "th") + ["gc", ""].map { HTML.cell("th", $0) }
            + [HTML.cell("th", "images/s", isNumeric: true)]
        text = """
            <h3>Training throughput</h3>
            <p class="soft">Images per second of one job while it trains, evaluation left out; jobs \
            that ran side by side shared the machine.</p>
            \(HTML.table(head: head, rows: rows))
            """
    }
}

import Foundation

/// A picture that lies as a file beside a Markdown report.
struct CurvePicture: Hashable, Sendable {
    /// The anchor of its table.
    let table: String
    let name: String
    let title: String
    let content: String

    /// The pictures of all tables, their names beginning as the report's does.
    static func all(_ report: Report, beside stem: String) -> [CurvePicture] {
        report.tables.flatMap { table -> [CurvePicture] in
            let rows = CurvePanel.panels(table, report.curves)
            return rows.enumerated().flatMap { index, row in
                row.panels.map { panel in
                    // Rows are numbered: their labels need not differ once they are file names.
                    let place = rows.count > 1 ? "-\(index + 1)" : ""
                    let label = rows.count > 1 ? "\(row.label): " : ""
                    return CurvePicture(
                        table: table.anchor,
                        name: "\(stem)-\(table.anchor)\(place)-\(Slug.text(panel.metric)).svg",
                        title: "\(label)\(panel.title) by epoch", content: LineChart(panel).file)
                }
            }
        }
    }

    var markdown: String {
        let path = name.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? name
        let text = Markdown.escaped(title).replacing("[", with: "(").replacing("]", with: ")")
        return "![\(text)](\(path.replacing("(", with: "%28").replacing(")", with: "%29")))"
    }
}

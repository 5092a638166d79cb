import Foundation

extension Report {
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let document = JSONReport(tables: tables.map(JSONReport.Table.init))
        // All numbers are finite or null: samples leave out what is not, so encoding cannot fail.
        let data = (try? encoder.encode(document)) ?? Data("{\"tables\": []}".utf8)
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}

private struct JSONReport: Encodable {
    let tables: [Table]

    struct Table: Encodable {
        let name: String
        let rows: [RowValues]

        init(_ table: TableReport) {
            name = table.name
            rows = table.rowValues
        }
    }
}

extension TableReport {
    /// The lines of all sections.
    var rowValues: [RowValues] {
        sections.flatMap { section in
            section.rows.map {
                RowValues(table: name, metric: section.metric.name, row: $0, evidence: evidence)
            }
        }
    }
}

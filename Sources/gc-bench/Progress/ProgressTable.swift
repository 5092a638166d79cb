/// Running jobs in columns that fit a terminal, a line each.
///
/// Where there is little room, columns go in the order in which they are missed least, and names
/// lose their beginning, which jobs of a sweep mostly share.
struct ProgressTable {
    struct Row {
        let name: String
        /// nil before training has begun.
        let columns: [Column: String]?
    }

    enum Column: CaseIterable {
        case epoch
        case loss
        case throughput
        case waiting
        case timeLeft

        fileprivate static let dispensable: [Column] = [.waiting, .throughput, .loss, .epoch]
    }

    private let rows: [Row]
    private let widths: [Column: Int]

    init(_ rows: [Row]) {
        self.rows = rows
        widths = Dictionary(
            uniqueKeysWithValues: Column.allCases.map { column in
                (column, rows.map { $0.columns?[column]?.count ?? 0 }.max() ?? 0)
            })
    }

    /// A name that is shortened further tells nothing.
    private static let shortestName = 24

    func lines(width: Int) -> [String] {
        let longest = rows.map(\.name.count).max() ?? 0
        var columns = Column.allCases
        for column in Column.dispensable
        where width - self.width(of: columns) < min(longest, Self.shortestName) {
            columns.removeAll { $0 == column }
        }
        let nameWidth = min(longest, max(1, width - self.width(of: columns)))
        return rows.map { line($0, columns, nameWidth: nameWidth) }
    }

    private func line(_ row: Row, _ columns: [Column], nameWidth: Int) -> String {
        let name =
            row.name.count > nameWidth ? "…" + row.name.suffix(nameWidth - 1) : row.name
        let start = name + spaces(nameWidth - name.count)
        guard let texts = row.columns else { return start + "  preparing" }
        return start
            + columns.map { column in
                let text = texts[column] ?? ""
                return "  " + spaces((widths[column] ?? 0) - text.count) + text
            }.joined()
    }

    private func width(of columns: [Column]) -> Int {
        columns.reduce(0) { $0 + 2 + (widths[$1] ?? 0) }
    }

    private func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}

extension ProgressTable.Row {
    init(
        name: String, epoch: Int, epochs: Int, loss: Double, imagesPerSecond: Double,
        waitShare: Double, secondsLeft: Double?
    ) {
        self.name = name
        columns = [
            .epoch: "epoch \(epoch)/\(epochs)",
            .loss: "loss \(Units.fixed(loss, 3))",
            .throughput: "\(Units.fixed(imagesPerSecond, 0)) images/s",
            .waiting: "waiting \(Units.fixed(100 * waitShare, 0)) %",
            .timeLeft: "eta \(Units.duration(secondsLeft ?? .nan))",
        ]
    }
}

import Publications
import Records

/// One picture: a metric by epoch, a line for each arm of a row.
struct CurvePanel: Hashable, Sendable {
    let metric: String
    let title: String
    let unit: String
    let lines: [Line]

    /// The mean over the seeds, and the band from the lowest to the highest.
    struct Line: Hashable, Sendable {
        /// The GC mode.
        let arm: String
        let seedCount: Int
        let points: [CellCurve.Point]
    }

    /// The pictures of each row of a table, rows in the order of the table.
    static func panels(_ table: TableReport, _ curves: [CellCurve]) -> [Row] {
        let byCell = Dictionary(grouping: curves, by: \.cell)
        let cells = table.sections.first?.rows.map(\.cell) ?? []
        var rows: [Row] = []
        for cell in cells where !rows.contains(where: { $0.row == cell.row }) {
            let arms = cells.filter { $0.row == cell.row }
            let panels = metrics(of: arms, byCell).compactMap { metric in
                CurvePanel(metric, arms, byCell)
            }
            if !panels.isEmpty {
                rows.append(Row(row: cell.row, label: cell.fullLabel, panels: panels))
            }
        }
        return rows
    }

    /// What belongs to one row of the table.
    struct Row: Hashable, Sendable {
        let row: String
        let label: String
        let panels: [CurvePanel]
    }

    private init?(_ metric: String, _ arms: [TableCell], _ curves: [String: [CellCurve]]) {
        lines = arms.compactMap { arm in
            guard let id = arm.jobs.first?.job.cell,
                let curve = curves[id]?.first(where: { $0.metric == metric })
            else { return nil }
            return Line(
                arm: arm.gc, seedCount: arm.jobs.count { $0.state == .finished },
                points: curve.points)
        }
        guard !lines.isEmpty else { return nil }
        self.metric = metric
        title = Self.title(metric)
        unit = metric.hasSuffix("loss") ? "" : "%"
    }

    /// What was measured by epoch that is no matter of time.
    static let extraMetrics = ["removed_gradient_energy"]

    /// Training before test, losses before accuracies, and what GC removed last.
    private static func metrics(of arms: [TableCell], _ curves: [String: [CellCurve]]) -> [String] {
        let names = Set(
            arms.compactMap { $0.jobs.first?.job.cell }.flatMap { curves[$0] ?? [] }.map(\.metric))
        func key(_ name: String) -> (Int, Int, String) {
            let place = extraMetrics.contains(name) ? 2 : (name.hasPrefix("train_") ? 0 : 1)
            return (place, name.hasSuffix("loss") ? 0 : 1, name)
        }
        return names.sorted { key($0) < key($1) }
    }

    private static func title(_ metric: String) -> String {
        switch metric {
        case "train_loss": "training loss"
        case "train_accuracy": "training accuracy"
        case "removed_gradient_energy": "gradient energy that GC removed"
        default: metric.split(separator: "_").joined(separator: " ")
        }
    }
}

import Metrics
import Publications

/// A section as cells of text: what Markdown and HTML draw.
struct Grid: Hashable, Sendable {
    struct Column: Hashable, Sendable {
        let heading: String
        let isNumeric: Bool
        let cells: [String]
    }

    let columns: [Column]

    init(_ section: TableReport.Section, isAlone: Bool) {
        let metric = section.metric
        let rows = section.rows
        let unit = metric.unit.isEmpty ? "" : " (\(metric.unit))"
        let points = metric.differenceUnit.isEmpty ? "" : " (\(metric.differenceUnit))"
        var columns: [Column] = []
        func add(_ heading: String, numeric: Bool = true, _ text: (CellReport) -> String) {
            columns.append(Column(heading: heading, isNumeric: numeric, cells: rows.map(text)))
        }
        func addEffect(_ heading: String, numeric: Bool = true, _ text: (EffectJudgement) -> String)
        {
            add(heading, numeric: numeric) { $0.effect.map(text) ?? "" }
        }
        if !isAlone { add("row", numeric: false) { $0.cell.fullLabel } }
        add("gc", numeric: false) { $0.cell.gc }
        let hasPublished = rows.contains { $0.published != nil }
        if hasPublished { add("published\(unit)") { Self.published($0.published) } }
        add("\(metric.heading), last\(unit)") { Numbers.spread($0.last) }
        add("best\(unit)") { Numbers.spread($0.best) }
        if hasPublished {
            add("against published", numeric: false) { $0.value?.verdict.rawValue ?? "" }
        }
        if rows.contains(where: { $0.effect != nil }) {
            addEffect("difference to none\(points)") {
                $0.mean.map(Numbers.signed) ?? Numbers.notAvailable
            }
            addEffect("95 % interval", Numbers.interval)
            addEffect("p") { $0.p.map(Numbers.probability) ?? Numbers.notAvailable }
            if rows.contains(where: { $0.effect?.holmP != $0.effect?.p }) {
                addEffect("Holm p") { $0.holmP.map(Numbers.probability) ?? Numbers.notAvailable }
            }
            addEffect("verdict", numeric: false, Numbers.verdict)
        }
        add("seeds") { Numbers.seeds($0.last) }
        self.columns = columns
    }

    private static func published(_ number: PublishedNumber?) -> String {
        guard let number else { return "" }
        guard let deviation = number.standardDeviation else { return Numbers.fixed(number.mean) }
        return "\(Numbers.fixed(number.mean)) ± \(Numbers.fixed(deviation))"
    }
}

import Metrics
import Publications

/// A section as cells of text: what Markdown, HTML and LaTeX draw.
struct Grid: Hashable, Sendable {
    struct Column: Hashable, Sendable {
        let heading: String
        let kind: Kind
        let cells: [String]

        var isNumeric: Bool { kind == .number }
    }

    /// What a column holds.
    enum Kind: Hashable, Sendable {
        case text
        /// The GC mode.
        case mode
        case number
        case verdict
    }

    let columns: [Column]
}

extension Grid {
    init(_ section: TableReport.Section, isAlone: Bool) {
        var columns = GridColumns(section)
        if !isAlone { columns.add("row", .text) { $0.cell.fullLabel } }
        columns.add("gc", .mode) { $0.cell.gc }
        columns.addValues()
        columns.addEffects()
        columns.add("seeds", .number) { Numbers.seeds($0.last) }
        self.columns = columns.columns
    }
}

/// Columns as they are gathered.
private struct GridColumns {
    private let section: TableReport.Section
    private(set) var columns: [Grid.Column] = []

    init(_ section: TableReport.Section) { self.section = section }

    mutating func add(_ heading: String, _ kind: Grid.Kind, _ text: (CellReport) -> String) {
        columns.append(
            Grid.Column(heading: heading, kind: kind, cells: section.rows.map(text)))
    }

    /// What was published, what was measured, and how they stand to each other.
    mutating func addValues() {
        let metric = section.metric
        let unit = metric.unit.isEmpty ? "" : " (\(metric.unit))"
        let hasPublished = section.rows.contains { $0.published != nil }
        if hasPublished { add("published\(unit)", .number) { Self.published($0.published) } }
        add("\(metric.heading), last\(unit)", .number) { Numbers.spread($0.last) }
        add("best\(unit)", .number) { Numbers.spread($0.best) }
        guard hasPublished else { return }
        add("against published", .verdict) { $0.value?.verdict.rawValue ?? "" }
        if section.rows.contains(where: { $0.value?.interval != nil }) {
            add("judged by", .number) { $0.value.map(Numbers.interval) ?? "" }
        }
    }

    /// The effect of GC and the tests of it.
    mutating func addEffects() {
        let effects = section.rows.map(\.effect)
        guard effects.contains(where: { $0 != nil }) else { return }
        let unit = section.metric.differenceUnit
        addEffect("difference to none\(unit.isEmpty ? "" : " (\(unit))")", .number) {
            $0.mean.map(Numbers.signed) ?? Numbers.notAvailable
        }
        addEffect("95 % interval", .number, Numbers.interval)
        addEffect("p (smallest possible)", .number, Numbers.signFlip)
        if effects.contains(where: { $0?.holmP != $0?.p }) {
            addEffect("Holm p", .number) { Numbers.probability($0.holmP) }
        }
        addEffect("equivalence p", .number) { Numbers.probability($0.equivalenceP) }
        addEffect("verdict", .verdict, Numbers.verdict)
    }

    private mutating func addEffect(
        _ heading: String, _ kind: Grid.Kind, _ text: (EffectJudgement) -> String
    ) {
        add(heading, kind) { $0.effect.map(text) ?? "" }
    }

    private static func published(_ number: PublishedNumber?) -> String {
        guard let number else { return "" }
        guard let deviation = number.standardDeviation else { return Numbers.fixed(number.mean) }
        return "\(Numbers.fixed(number.mean)) ± \(Numbers.fixed(deviation))"
    }
}

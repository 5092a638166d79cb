import Metrics
import Publications
import Records

/// One table: rows of one kind of evidence, judged together.
struct TableReport: Hashable, Sendable {
    let name: String
    let publication: Publication?
    let evidence: Evidence
    /// A list of rows per metric.
    let sections: [Section]
    /// The jobs behind it, measured or not.
    let jobs: [JobRecord]

    struct Section: Hashable, Sendable {
        let metric: ReportMetric
        let rows: [CellReport]
    }

    /// A table's jobs by kind of evidence; without any job the published rows alone.
    static func tables(_ name: String, jobs: [JobRecord], showsAll: Bool) -> [TableReport] {
        let publication = ReportTable(rawValue: name)?.publication
        return Evidence.allCases.compactMap { evidence in
            let ofKind = jobs.filter { Evidence($0.job.evidence) == evidence }
            let showsUnmeasured = showsAll && evidence == .measured
            guard !ofKind.isEmpty || (showsUnmeasured && publication != nil) else { return nil }
            return TableReport(
                name: name, publication: publication, evidence: evidence, jobs: ofKind,
                showsAll: showsAll)
        }
    }

    private init(
        name: String, publication: Publication?, evidence: Evidence, jobs: [JobRecord],
        showsAll: Bool
    ) {
        self.name = name
        self.publication = publication
        self.evidence = evidence
        self.jobs = jobs
        let cells = TableCell.cells(
            jobs: jobs, publication: evidence == .measured ? publication : nil,
            showsAll: showsAll)
        let metrics = ReportMetric.shown(publication, jobs: jobs)
        let measured = metrics.map { metric in
            (metric, cells.map { CellMeasurement($0, metric, among: cells) })
        }
        sections = Self.judged(measured, publication).filter { !$0.rows.isEmpty }
    }

    /// Judges the effects of the whole table together: Holm runs over all of them.
    private static func judged(
        _ measured: [(ReportMetric, [CellMeasurement])], _ publication: Publication?
    ) -> [Section] {
        let margin = publication?.margin ?? defaultMargin
        let pairs = measured.flatMap { metric, cells in
            cells.compactMap { $0.pairs(metric, margin: margin) }
        }
        var effects = EffectJudgement.family(pairs)[...]
        return measured.map { metric, cells in
            Section(
                metric: metric,
                rows: cells.map { cell in
                    let effect = cell.pairs(metric, margin: margin).flatMap { _ in
                        effects.popFirst()
                    }
                    return CellReport(cell, publication, effect: effect, margin: margin)
                })
        }
    }

    /// Names the table in a page and in the names of files.
    var anchor: String {
        let kind =
            switch evidence {
            case .measured: ""
            case .synthetic: "-synthetic"
            case .smoke: "-smoke"
            }
        return Slug.text(name) + kind
    }

    /// Names the jobs of one of its lines.
    func anchor(of row: Int) -> String { "\(anchor)-jobs-\(row + 1)" }

    /// δ in points where no publication says otherwise.
    static let defaultMargin = 0.3
}

/// Text as a part of names: small letters, digits and dashes.
enum Slug {
    static func text(_ text: String) -> String {
        text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")) }
            .joined(separator: "-")
    }
}

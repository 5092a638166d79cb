import Publications
import Records

/// Everything equal but the seed: the jobs of one line of a table.
struct TableCell: Hashable, Sendable {
    let row: String
    let label: String
    let gc: String
    let deviation: String?
    /// By seed.
    let jobs: [JobRecord]
    /// What was published of exactly this setting.
    let published: PublishedArm?

    /// The cells in the order of the spec, the control arm of each row first.
    ///
    /// - Parameters:
    ///   - publication: nil where published figures have no place: synthetic and smoke tables.
    ///   - showsAll: also cells without a result, and published ones that no job belongs to.
    static func cells(jobs: [JobRecord], publication: Publication?, showsAll: Bool) -> [TableCell] {
        let groups = Dictionary(grouping: jobs, by: \.job.cell).values.map { jobs in
            jobs.sorted { ($0.job.seed, $0.job.id) < ($1.job.seed, $1.job.id) }
        }
        let positions = Dictionary(grouping: jobs, by: \.job.row)
            .mapValues { $0.map(\.job.listing.position).min() ?? 0 }
        let recorded = groups.compactMap { TableCell($0, publication) }
            .filter { showsAll || $0.jobs.contains { $0.state.isDone } }
            .sorted { $0.order(positions) < $1.order(positions) }
        guard showsAll, let publication else { return recorded }
        return recorded + unmeasured(publication, beside: recorded)
    }

    private init?(_ jobs: [JobRecord], _ publication: Publication?) {
        guard let first = jobs.first?.job else { return nil }
        row = first.row
        label = first.listing.label
        gc = first.settings.gc
        deviation = first.listing.deviation
        self.jobs = jobs
        let settings = first.settings
        let publishedRow = publication?.rows.first {
            $0.matches(
                dataset: settings.dataset, backbone: settings.backbone,
                normalization: settings.normalization, optimizer: settings.optimizer,
                epochs: settings.epochs)
        }
        let isProtocol = first.listing.deviation == nil && !first.evidence.subset
        published = isProtocol ? publishedRow?.arm(settings.gc) : nil
    }

    private init(_ publishedRow: PublishedRow, _ arm: PublishedArm) {
        row = "published \(publishedRow.label)"
        label = publishedRow.label
        gc = arm.gc
        deviation = nil
        jobs = []
        published = arm
    }

    private static func unmeasured(
        _ publication: Publication, beside recorded: [TableCell]
    ) -> [TableCell] {
        publication.rows.flatMap { row in row.arms.map { TableCell(row, $0) } }
            .filter { candidate in !recorded.contains { $0.published == candidate.published } }
    }

    /// The label with what sets it apart from the protocol.
    var fullLabel: String { deviation.map { "\(label) (\($0))" } ?? label }

    private func order(_ positions: [String: Int]) -> CellOrder {
        CellOrder(
            rowPosition: positions[row] ?? 0, label: fullLabel, row: row,
            isControl: gc == "none", position: jobs.map(\.job.listing.position).min() ?? 0, gc: gc)
    }
}

/// Rows as the spec lists them; in a row, the control arm first.
private struct CellOrder: Comparable {
    let rowPosition: Int
    let label: String
    let row: String
    let isControl: Bool
    let position: Int
    let gc: String

    static func < (left: CellOrder, right: CellOrder) -> Bool {
        let (a, b) = (left.rowKey, right.rowKey)
        if a != b { return a < b }
        if left.isControl != right.isControl { return left.isControl }
        return (left.position, left.gc) < (right.position, right.gc)
    }

    private var rowKey: (Int, String, String) { (rowPosition, label, row) }
}

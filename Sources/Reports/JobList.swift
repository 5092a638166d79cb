import Records

/// The jobs behind each line of a table.
struct JobList {
    private let table: TableReport
    private let cells: [(anchor: String, cell: TableCell)]

    init(_ table: TableReport) {
        self.table = table
        let rows = table.sections.first?.rows ?? []
        cells = rows.indices.map { (table.anchor(of: $0), rows[$0].cell) }
            .filter { !$0.1.jobs.isEmpty }
    }

    /// A line of text for each line of the table: the jobs that have a result.
    var lines: [String] {
        cells.map { _, cell in
            let ids = cell.jobs.filter(\.state.isDone).map(Self.shortID)
            return "\(name(cell)): \(ids.joined(separator: " "))"
        }
    }

    var html: String {
        guard !cells.isEmpty else { return "" }
        let metric = table.sections.first?.metric
        let head =
            ["job", "seed", "state"].map { HTML.cell("th", $0) }
            + ["last", "best", "images/s"].map { HTML.cell("th", $0, isNumeric: true) }
            + ["started", "weights"].map { HTML.cell("th", $0) }
        let groups = cells.map { anchor, cell in
            let jobs = cell.jobs.map { "<tr>\(row($0, metric))</tr>" }.joined(separator: "\n")
            return """
                <tbody id="\(anchor)">
                <tr><th colspan="8" class="mode \(cell.gc)">\(HTML.escaped(name(cell)))</th></tr>
                \(jobs)
                </tbody>
                """
        }
        return """
            <h3>Jobs</h3>
            <p class="soft"><code>gc-bench verify JOB</code> trains one again and compares every \
            bit.</p>
            <div class="scroll"><table>
            <thead><tr>\(head.joined())</tr></thead>
            \(groups.joined(separator: "\n"))
            </table></div>
            """
    }

    private func row(_ job: JobRecord, _ metric: ReportMetric?) -> String {
        let values = job.state == .finished ? metric?.values(of: job) : nil
        let attempt = job.attempt
        let state =
            job.state == .failed ? "failed: \(attempt?.message ?? "")" : job.state.rawValue
        return """
            <td><code>\(HTML.escaped(Self.shortID(job)))</code></td>\
            \(HTML.cell("td", "\(job.job.seed)"))\(HTML.cell("td", state))\
            \(HTML.cell("td", number(values?.last), isNumeric: true))\
            \(HTML.cell("td", number(values?.best), isNumeric: true))\
            \(HTML.cell("td", number(attempt?.imagesPerSecond, digits: 0), isNumeric: true))\
            \(HTML.cell("td", attempt?.started ?? ""))\
            <td><code>\(HTML.escaped(String(attempt?.weightsDigest?.prefix(12) ?? "")))</code></td>
            """
    }

    private func number(_ value: Double?, digits: Int = 2) -> String {
        value.map { $0.isFinite ? Numbers.fixed($0, digits: digits) : "" } ?? ""
    }

    private func name(_ cell: TableCell) -> String {
        table.onlyLabel == nil ? "\(cell.fullLabel), \(cell.gc)" : cell.gc
    }

    /// Enough of an id to name the job on the command line.
    private static func shortID(_ job: JobRecord) -> String { String(job.job.id.prefix(12)) }
}

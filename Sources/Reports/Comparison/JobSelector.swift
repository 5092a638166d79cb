public import Records

/// Some of the jobs of a store, as the command line names them.
///
/// - `gc=gc`, `table=quickstart,gc=none,seed=0`: jobs with these values; a field that is named twice
///   takes either value. Fields are those of the tables and of the jobs' canonical form.
/// - `3fa9c2`: the job whose id starts so.
/// - `R50BN` or `R50BN, gc`: the row of a table, by its label as reports print it.
public struct JobSelector: Hashable, Sendable {
    public let text: String

    public init(_ text: String) { self.text = text }

    /// - Throws: ``SelectionError`` when it names no job, and what it could name instead.
    public func jobs(among records: [JobRecord]) throws(SelectionError) -> [JobRecord] {
        let named = records.filter { JobNames($0).labels.contains(text.lowercased()) }
        let found = try named.isEmpty ? filtered(records) : named
        var seen: Set<String> = []
        return found.filter { seen.insert($0.job.id).inserted }
    }

    private func filtered(_ records: [JobRecord]) throws(SelectionError) -> [JobRecord] {
        var filters: [(field: String, values: [String])] = []
        for term in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = term.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { $0.trimmingPrefix(while: \.isWhitespace) }.map(String.init)
            guard parts.count == 2 else { return try beginning(String(term), records) }
            if let index = filters.firstIndex(where: { $0.field == parts[0] }) {
                filters[index].values.append(parts[1])
            } else {
                filters.append((parts[0], [parts[1]]))
            }
        }
        var found = records
        for (field, values) in filters { found = try narrowed(found, field, values, records) }
        return found
    }

    private func narrowed(
        _ jobs: [JobRecord], _ field: String, _ values: [String], _ all: [JobRecord]
    ) throws(SelectionError) -> [JobRecord] {
        let fields = all.map { JobFields($0).values }
        guard fields.contains(where: { $0[field] != nil }) else {
            throw .unknownField(field, known: Set(fields.flatMap(\.keys)).sorted())
        }
        let found = jobs.filter { job in
            let value = JobFields(job).values[field]
            return values.contains { wanted in value.map { Self.isSame($0, wanted) } ?? false }
        }
        guard found.isEmpty else { return found }
        let present = Set(jobs.compactMap { JobFields($0).values[field] }).sorted()
        throw .noJob(text, field: field, present: present)
    }

    /// The job whose id starts so.
    private func beginning(_ word: String, _ records: [JobRecord]) throws(SelectionError)
        -> [JobRecord]
    {
        let prefix = word.lowercased()
        let found = records.filter { !prefix.isEmpty && $0.job.id.hasPrefix(prefix) }
        guard !found.isEmpty else {
            throw .unknownName(text, known: Set(records.map { JobNames($0).row }).sorted())
        }
        let ids = Set(found.map(\.job.id))
        guard ids.count == 1 else { throw .ambiguous(text, count: ids.count) }
        return found
    }

    /// Numbers are equal however they are written.
    private static func isSame(_ value: String, _ wanted: String) -> Bool {
        if value.lowercased() == wanted.lowercased() { return true }
        guard let a = Double(value), let b = Double(wanted) else { return false }
        return a == b
    }
}

extension JobSelector {
    /// What a selection that begins so may go on with: fields and their values, ids, rows.
    public static func candidates(_ prefix: String, among records: [JobRecord]) -> [String] {
        let done = prefix.lastIndex(of: ",").map { prefix[...$0] } ?? ""
        let term = prefix.dropFirst(done.count)
        let fields = records.map { JobFields($0).values }
        if term.contains("=") {
            let pairs = Set(fields.flatMap { $0.map { "\($0.key)=\($0.value)" } })
            return pairs.filter { $0.hasPrefix(term) && !$0.contains(",") }.sorted()
                .map { done + $0 }
        }
        let keys = Set(fields.flatMap(\.keys)).map { "\($0)=" }
        let names = done.isEmpty ? records.flatMap { [$0.job.id, JobNames($0).row] } : []
        return Set(keys + names).filter { $0.hasPrefix(term) }.sorted().map { done + $0 }
    }
}

/// Why a selection names no job.
public enum SelectionError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownField(String, known: [String])
    case unknownName(String, known: [String])
    case noJob(String, field: String, present: [String])
    case ambiguous(String, count: Int)

    public var description: String {
        switch self {
        case .unknownField(let field, let known):
            "jobs have no field '\(field)'; they have \(known.joined(separator: ", "))"
        case .unknownName(let name, let known):
            """
            '\(name)' is neither the beginning of a job's id nor a row; write FIELD=VALUE, such as \
            gc=none, or one of these rows: \(known.joined(separator: "; "))
            """
        case .noJob(let text, let field, let present):
            "no job is '\(text)': of \(field) there is \(present.joined(separator: ", "))"
        case .ambiguous(let text, let count):
            "\(count) jobs start with '\(text)'; give more of the id"
        }
    }
}

/// What a job is called in reports.
struct JobNames {
    /// Its line: the label, and the mode behind it where that is on.
    let row: String
    private let label: String

    init(_ record: JobRecord) {
        let listing = record.job.listing
        label = listing.deviation.map { "\(listing.label) (\($0))" } ?? listing.label
        let gc = record.job.settings.gc
        row = gc == "none" ? label : "\(label), \(gc)"
    }

    /// All that a person may type, in small letters.
    var labels: Set<String> { [row.lowercased(), label.lowercased()] }
}

/// A job's fields as text.
struct JobFields {
    let values: [String: String]

    init(_ record: JobRecord) {
        let (job, settings) = (record.job, record.job.settings)
        let own = [
            "table": job.listing.table, "spec": job.listing.spec, "label": job.listing.label,
            "dataset": settings.dataset, "backbone": settings.backbone,
            "normalization": settings.normalization, "optimizer": settings.optimizer,
            "gc": settings.gc, "precision": settings.precision, "backend": settings.backend,
            "threads": settings.threads, "epochs": "\(settings.epochs)", "seed": "\(job.seed)",
            "state": record.state.rawValue, "smoke": "\(job.evidence.smoke)",
            "synthetic": "\(job.evidence.synthetic)", "subset": "\(job.evidence.subset)",
        ]
        values = Self.canonical(job).merging(own) { $1 }
    }

    /// The canonical form is a line `key=value` for each field.
    static func canonical(_ job: JobRow) -> [String: String] {
        (job.canonical ?? "").split(separator: "\n").reduce(into: [:]) { fields, line in
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { fields[String(parts[0])] = String(parts[1]) }
        }
    }
}

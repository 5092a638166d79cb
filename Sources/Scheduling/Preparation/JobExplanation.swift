public import Records

/// Why a job will run, or will not.
public enum JobExplanation: Hashable, Sendable {
    case done(JobState, finished: String?)
    /// It goes on from where it was, or from the start where no checkpoint is left.
    case interrupted
    case isRunning
    /// The attempt before failed; it is tried again.
    case failed(message: String?)
    /// There is no result; the finished job that is most like it, and the fields that differ.
    case new(nearest: String?, differences: [Difference])

    /// A field of the canonical form in which two jobs differ; nil where one has no such field.
    public struct Difference: Hashable, Sendable {
        public let field: String
        public let here: String?
        public let there: String?

        public init(field: String, here: String?, there: String?) {
            self.field = field
            self.here = here
            self.there = there
        }
    }
}

/// Explains jobs by what the store knows.
public struct JobExplainer {
    private let records: [String: JobRecord]
    private let finished: [(id: String, fields: [String: String])]

    public init(_ records: [JobRecord]) {
        self.records = Dictionary(records.map { ($0.job.id, $0) }) { first, _ in first }
        finished = self.records.values.filter(\.state.isDone).sorted { $0.job.id < $1.job.id }
            .compactMap { record in
                record.job.canonical.map { (record.job.id, Self.fields(of: $0)) }
            }
    }

    public func explain(_ job: PreparedJob) -> JobExplanation {
        guard let record = records[job.id] else { return new(job) }
        switch record.state {
        case .finished, .diverged:
            return .done(record.state, finished: record.attempt?.finished)
        case .running: return .isRunning
        case .interrupted: return .interrupted
        case .failed: return .failed(message: record.attempt?.message)
        case .planned: return new(job)
        }
    }

    private func new(_ job: PreparedJob) -> JobExplanation {
        let fields = Self.fields(of: job.canonicalForm)
        var nearest: (id: String, count: Int)?
        for (id, other) in finished {
            let count = Self.differences(fields, other).count
            if count < nearest?.count ?? .max { nearest = (id, count) }
        }
        guard let nearest, let other = finished.first(where: { $0.id == nearest.id }) else {
            return .new(nearest: nil, differences: [])
        }
        return .new(
            nearest: nearest.id, differences: Self.differences(fields, other.fields))
    }

    private static func differences(_ here: [String: String], _ there: [String: String])
        -> [JobExplanation.Difference]
    {
        Set(here.keys).union(there.keys).sorted().filter { here[$0] != there[$0] }
            .map { .init(field: $0, here: here[$0], there: there[$0]) }
    }

    /// The canonical form is a line `key=value` for each field.
    private static func fields(of canonical: String) -> [String: String] {
        canonical.split(separator: "\n").reduce(into: [:]) { fields, line in
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { fields[String(parts[0])] = String(parts[1]) }
        }
    }
}

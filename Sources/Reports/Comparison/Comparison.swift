import Metrics
public import Records

/// Two selections of jobs side by side: second − first.
public struct Comparison: Hashable, Sendable {
    public let first: Side
    public let second: Side
    public let pairing: Pairing
    let metrics: [MetricComparison]
    public let target: TargetComparison?

    /// One selection: its jobs that have a result.
    public struct Side: Hashable, Sendable {
        public let selection: String
        public let jobs: [JobRecord]
        /// Selected jobs that have none.
        public let unfinishedCount: Int
    }

    /// How the jobs of the two sides belong together.
    public enum Pairing: String, Hashable, Sendable, Codable {
        /// Each side has every seed once.
        case bySeed = "by seed"
        /// The sides differ in the GC mode only, row by row.
        case byRowAndSeed = "by row and seed"
        case none
    }

    /// What is asked besides the selections.
    public struct Question: Hashable, Sendable {
        /// nil for what a report would show.
        let metric: String?
        /// δ in points.
        let margin: Double
        let target: Target?

        public init(metric: String? = nil, margin: Double? = nil, target: Target? = nil) {
            self.metric = metric
            self.margin = margin ?? TableReport.defaultMargin
            self.target = target
        }
    }

    /// - Parameter measurements: every value of a job, by epoch; asked for only with a target.
    /// - Throws: ``ComparisonError`` where the selections cannot be compared.
    public init(
        _ first: JobSelector, _ second: JobSelector, among records: [JobRecord],
        question: Question, measurements: (String) throws -> [MetricValue]
    ) throws {
        let (a, b) = (try Side(first, among: records), try Side(second, among: records))
        try Self.check(a, b)
        let pairs = JobPairs(a.jobs, b.jobs)
        let shown = try Self.metrics(question, a.jobs + b.jobs)
        self.first = a
        self.second = b
        pairing = pairs.pairing
        metrics = MetricComparison.family(shown, pairs, a, b, question.margin)
        target = try question.target.map { try TargetComparison($0, a, b, measurements) }
    }

    private static func metrics(_ question: Question, _ jobs: [JobRecord]) throws(ComparisonError)
        -> [ReportMetric]
    {
        guard let name = question.metric else { return ReportMetric.shown(nil, jobs: jobs) }
        let directed = jobs.reduce(into: [String: MetricDirection]()) { known, job in
            known.merge(job.metrics.mapValues(\.direction)) { first, _ in first }
        }.filter { $0.value != .neither }
        guard let direction = directed[name] else {
            throw .unknownMetric(name, known: directed.keys.sorted())
        }
        return [ReportMetric(stored: name, higherIsBetter: direction == .higherIsBetter)]
    }

    /// Numbers of different worth are never set beside each other.
    private static func check(_ first: Side, _ second: Side) throws(ComparisonError) {
        for side in [first, second] where side.jobs.isEmpty {
            throw .noResult(side.selection, unfinished: side.unfinishedCount)
        }
        let shared = Set(first.jobs.map(\.job.id)).intersection(second.jobs.map(\.job.id))
        if !shared.isEmpty { throw .overlapping(shared.count) }
        let kinds = Set((first.jobs + second.jobs).map { Evidence($0.job.evidence) })
        if kinds.count > 1 { throw .mixedEvidence(kinds.map(\.name).sorted()) }
    }
}

extension Comparison.Side {
    init(_ selector: JobSelector, among records: [JobRecord]) throws(SelectionError) {
        let found = try selector.jobs(among: records)
        selection = selector.text
        jobs = found.filter(\.state.isDone).sorted {
            ($0.job.row, $0.job.seed, $0.job.id) < ($1.job.row, $1.job.seed, $1.job.id)
        }
        unfinishedCount = found.count - jobs.count
    }
}

extension Evidence {
    var name: String {
        switch self {
        case .measured: "real"
        case .synthetic: "synthetic"
        case .smoke: "smoke"
        }
    }
}

/// Why two selections cannot be compared.
public enum ComparisonError: Error, Hashable, Sendable, CustomStringConvertible {
    case noResult(String, unfinished: Int)
    case overlapping(Int)
    case mixedEvidence([String])
    case unknownMetric(String, known: [String])
    case noDirection(String)

    public var description: String {
        switch self {
        case .noResult(let selection, let unfinished):
            "none of the \(unfinished) jobs of '\(selection)' has a result yet"
        case .overlapping(let count):
            "\(count) jobs are in both selections; narrow one of them down, as in gc=none,seed=0"
        case .mixedEvidence(let kinds):
            """
            the selections hold \(kinds.joined(separator: " and ")) jobs, whose numbers have nothing \
            to do with each other; add smoke=false, synthetic=false or table=NAME
            """
        case .unknownMetric(let name, let known):
            "no metric '\(name)' was measured there; there are \(known.joined(separator: ", "))"
        case .noDirection(let name):
            "'\(name)' has no better side, so no target; take an accuracy, an error or a loss"
        }
    }
}

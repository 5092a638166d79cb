import Foundation
import GRDB

extension Store {
    /// All jobs of all tables, as they stand: by table, position, label, seed and GC mode. A job
    /// whose runner died is interrupted, even if nobody has taken it over yet.
    public func jobs() throws(StoreError) -> [JobRecord] {
        try read { database in
            let metrics = try summaries(database)
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT job.*, listing.*, attempt.id AS attempt, attempt.number, attempt.state,
                        attempt.started, attempt.finished, attempt.message, attempt.weightsDigest,
                        attempt.imagesPerSecond, attempt.threads AS usedThreads, attempt.machine,
                        attempt.codeVersion, runner.host, runner.place, runner.process,
                        runner.startTicks, runner.seen
                    FROM listing JOIN job ON job.id = listing.job
                    LEFT JOIN attempt ON attempt.job = job.id AND attempt.superseded = 0
                    LEFT JOIN runner ON runner.id = attempt.runner
                    ORDER BY listing.tableName, listing.position, listing.label, job.row, job.seed,
                        job.gc, job.id
                    """)
            var records: [JobRecord] = []
            while let row = try rows.next() {
                let attempt: Int64? = row["attempt"]
                records.append(
                    JobRecord(
                        job: JobRow(row), state: state(row), attempt: AttemptRecord(row),
                        metrics: attempt.flatMap { metrics[$0] } ?? [:]))
            }
            return records
        }
    }

    /// Where one job stands; nil when it is not registered.
    public func state(of job: String) throws(StoreError) -> JobState? {
        try states()[job]
    }

    /// Where every registered job stands.
    public func states() throws(StoreError) -> [String: JobState] {
        try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT job.id, attempt.state, runner.host, runner.place, runner.process,
                        runner.startTicks, runner.seen
                    FROM job LEFT JOIN attempt ON attempt.job = job.id AND attempt.superseded = 0
                    LEFT JOIN runner ON runner.id = attempt.runner
                    """)
            var states: [String: JobState] = [:]
            while let row = try rows.next() { states[row["id"]] = state(row) }
            return states
        }
    }

    /// The names of all tables that have jobs.
    public func tables() throws(StoreError) -> [String] {
        try read { database in
            try String.fetchAll(
                database, sql: "SELECT DISTINCT tableName FROM listing ORDER BY tableName")
        }
    }

    /// Every value of a job's attempt that counts, by metric, epoch and step.
    public func measurements(of job: String) throws(StoreError) -> [MetricValue] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM curves WHERE job = ? ORDER BY metric, epoch, step",
                arguments: [job]
            ).map { row in
                MetricValue(
                    row["metric"], epoch: row["epoch"], step: row["step"],
                    value: (ValueKind(rawValue: row["kind"]) ?? .nan).value(stored: row["value"]))
            }
        }
    }

    func state(_ row: Row) -> JobState {
        guard let name: String = row["state"], let state = JobState(rawValue: name) else {
            return .planned
        }
        guard state == .running, let holder = Holder(row), !isAlive(holder) else { return state }
        return .interrupted
    }

    private func summaries(_ database: Database) throws -> [Int64: [String: MetricSummary]] {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT summary.*, metric.name, metric.direction
                FROM summary JOIN metric ON metric.id = summary.metric
                """)
        var result: [Int64: [String: MetricSummary]] = [:]
        while let row = try rows.next() {
            result[row["attempt"], default: [:]][row["name"]] = MetricSummary(row)
        }
        return result
    }
}

extension MetricSummary {
    fileprivate init(_ row: Row) {
        direction = MetricDirection(rawValue: row["direction"]) ?? .neither
        lastEpoch = row["lastEpoch"]
        last = (ValueKind(rawValue: row["lastKind"]) ?? .nan).value(stored: row["lastValue"])
        bestEpoch = row["bestEpoch"]
        best = row["bestValue"]
    }
}

extension AttemptRecord {
    /// nil when the row has none.
    fileprivate init?(_ row: Row) {
        guard let number: Int = row["number"] else { return nil }
        self.number = number
        started = row["started"]
        finished = row["finished"]
        message = row["message"]
        weightsDigest = row["weightsDigest"]
        imagesPerSecond = row["imagesPerSecond"]
        environment = AttemptEnvironment(
            threads: row["usedThreads"], machine: row["machine"], codeVersion: row["codeVersion"])
    }
}

extension JobRow {
    fileprivate init(_ row: Row) {
        self.init(
            id: row["id"], cell: row["cell"], row: row["row"], seed: row["seed"],
            specification: row["specification"], settings: JobSettings(row),
            evidence: JobEvidence(
                smoke: row["smoke"], synthetic: row["synthetic"], subset: row["subset"]),
            listing: JobListing(row), canonical: row["canonical"])
    }
}

extension JobSettings {
    fileprivate init(_ row: Row) {
        self.init(
            dataset: row["dataset"], backbone: row["backbone"],
            normalization: row["normalization"], optimizer: row["optimizer"], gc: row["gc"],
            precision: row["precision"], backend: row["backend"], threads: row["threads"],
            epochs: row["epochs"])
    }
}

extension JobListing {
    fileprivate init(_ row: Row) {
        let arguments: String = row["arguments"]
        self.init(
            table: row["tableName"], spec: row["spec"], label: row["label"],
            deviation: row["deviation"],
            arguments: (try? JSONDecoder().decode([String].self, from: Data(arguments.utf8))) ?? [],
            position: row["position"])
    }
}

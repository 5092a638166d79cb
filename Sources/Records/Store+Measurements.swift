import GRDB

extension Store {
    /// Says where the attempt runs; before its first measurement.
    public func describe(_ claim: Claim, as environment: AttemptEnvironment) throws(StoreError) {
        try write { database in
            try requireHeld(claim, database)
            try describe(claim, as: environment, database)
            try seal(attempt: claim.attempt, database)
        }
    }

    func describe(_ claim: Claim, as environment: AttemptEnvironment, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE attempt SET threads = ?, machine = ?, codeVersion = ? WHERE id = ?",
            arguments: [
                claim.interruptedThreads ?? environment.threads, environment.machine,
                environment.codeVersion, claim.attempt,
            ])
    }

    /// Adds measurements to the attempt, all or none.
    ///
    /// - Throws: `StoreError.claimLost` when the job was taken over; `StoreError.refused` for a
    ///   second value of a metric at the same epoch and step.
    public func record(_ measurements: [MetricValue], for claim: Claim) throws(StoreError) {
        try write { database in
            try requireHeld(claim, database)
            try insert(measurements, attempt: claim.attempt, database)
            try seal(attempt: claim.attempt, database)
        }
    }

    /// Records how the attempt ended, with its last measurements, in one transaction: a job is
    /// either finished with everything that belongs to it, or not at all.
    public func finish(
        _ claim: Claim, _ completion: JobCompletion, measurements: [MetricValue] = []
    ) throws(StoreError) {
        try write { database in
            try requireHeld(claim, database)
            try insert(measurements, attempt: claim.attempt, database)
            try database.execute(
                sql: """
                    UPDATE attempt SET state = ?, runner = NULL, finished = ?, message = ?,
                        weightsDigest = ?, imagesPerSecond = ?
                    WHERE id = ?
                    """,
                arguments: [
                    completion.outcome.state.rawValue, timestamp, completion.outcome.message,
                    completion.weightsDigest, completion.imagesPerSecond.flatMap(finite),
                    claim.attempt,
                ])
            try forgetProgress(claim.attempt, database)
            try seal(attempt: claim.attempt, database)
        }
    }

    /// Replaces whatever was measured by what a checkpoint has: what a crash took is put back, and
    /// what will be measured again is removed.
    public func restore(_ measurements: [MetricValue], for claim: Claim) throws(StoreError) {
        try write { database in
            try requireHeld(claim, database)
            for table in ["summary", "measurement"] {
                try database.execute(
                    sql: "DELETE FROM \(table) WHERE attempt = ?", arguments: [claim.attempt])
            }
            try database.execute(
                sql: "UPDATE attempt SET rowSum = 0 WHERE id = ?", arguments: [claim.attempt])
            try insert(measurements, attempt: claim.attempt, database)
            try seal(attempt: claim.attempt, database)
        }
    }

    private func requireHeld(_ claim: Claim, _ database: Database) throws {
        let isHeld = try Bool.fetchOne(
            database, sql: "SELECT count(*) FROM attempt WHERE id = ? AND runner = ?",
            arguments: [claim.attempt, try renewLease(database)])
        if isHeld != true { throw StoreError.claimLost(job: claim.job) }
    }

    private func insert(_ measurements: [MetricValue], attempt: Int64, _ database: Database) throws
    {
        var metrics: [String: Int64] = [:]
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO measurement (attempt, metric, epoch, step, value, kind)
                VALUES (?, ?, ?, ?, ?, ?)
                """)
        var sum: Int64 = 0
        for measurement in measurements {
            let name = measurement.metric
            let metric = try metrics[name] ?? key(of: name, database)
            metrics[name] = metric
            let (value, kind) = (finite(measurement.value), ValueKind(measurement.value).rawValue)
            try statement.execute(arguments: [
                attempt, metric, measurement.epoch, measurement.step, value, kind,
            ])
            sum &+=
                Seal(
                    metric: name, epoch: measurement.epoch, step: measurement.step, value: value,
                    kind: kind
                ).summand
        }
        try add(sum, toRowsOf: attempt, database)
    }

    private func add(_ sum: Int64, toRowsOf attempt: Int64, _ database: Database) throws {
        let before = try Int64.fetchOne(
            database, sql: "SELECT rowSum FROM attempt WHERE id = ?", arguments: [attempt])
        try database.execute(
            sql: "UPDATE attempt SET rowSum = ? WHERE id = ?",
            arguments: [(before ?? 0) &+ sum, attempt])
    }

    private func key(of metric: String, _ database: Database) throws -> Int64 {
        try database.cachedStatement(
            sql: "INSERT INTO metric (name, direction) VALUES (?, ?) ON CONFLICT (name) DO NOTHING"
        ).execute(arguments: [metric, MetricDirection(metric: metric).rawValue])
        return try Int64.fetchOne(
            database, sql: "SELECT id FROM metric WHERE name = ?", arguments: [metric]) ?? 0
    }

}

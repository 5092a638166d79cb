import GRDB

/// One merge, inside a transaction in which the other store is attached as `other`.
struct StoreMerge {
    let store: Store
    let database: Database

    func run() throws -> MergeSummary {
        var summary = MergeSummary()
        let jobCount = try count("job")
        try mergeJobs()
        summary.newJobs = try count("job") - jobCount
        try chooseAttempts()
        summary.newAttempts = try count("incoming")
        try bringAttempts()
        try bringMeasurements()
        try decideWhichCount()
        try database.execute(sql: "DROP TABLE temp.incoming")
        return summary
    }

    // MARK: - Jobs

    private func mergeJobs() throws {
        // The same id means the same job; of what may differ all the same, the smaller text stays,
        // so that the order of merging does not matter.
        try database.execute(
            sql: """
                INSERT INTO main.job SELECT * FROM other.job WHERE true
                ON CONFLICT (id) DO UPDATE SET
                    registered = min(registered, excluded.registered),
                    canonical = coalesce(canonical, excluded.canonical),
                    seal = CASE WHEN (excluded.specification, excluded.seal) < (specification, seal)
                        THEN excluded.seal ELSE seal END,
                    specification = min(specification, excluded.specification);

                INSERT INTO main.listing SELECT * FROM other.listing WHERE true
                ON CONFLICT (job, tableName) DO UPDATE SET spec = excluded.spec,
                    label = excluded.label, deviation = excluded.deviation,
                    arguments = excluded.arguments, position = excluded.position,
                    seal = excluded.seal
                WHERE (excluded.spec, excluded.label, coalesce(excluded.deviation, ''),
                        excluded.arguments, excluded.position)
                    > (spec, label, coalesce(deviation, ''), arguments, position);
                """)
        let changed = try Row.fetchCursor(
            database, sql: "SELECT job.* FROM main.job JOIN other.job AS theirs USING (id)")
        var wrong: [String] = []
        while let row = try changed.next() {
            if row["seal"] != Seal(job: row).text { wrong.append(row["id"]) }
        }
        for job in wrong { try store.seal(job: job, database) }
    }

    // MARK: - Attempts

    /// Which of the other store's attempts come: those that ended and are not here, or are here in
    /// a version that has not ended. Of two endings of one attempt (both stores are copies of one,
    /// and both went on), the one with the smaller seal stays.
    private func chooseAttempts() throws {
        try database.execute(
            sql: """
                CREATE TEMP TABLE incoming AS
                SELECT theirs.id AS other, theirs.uid AS uid, ours.id AS replaced
                FROM other.attempt AS theirs LEFT JOIN main.attempt AS ours USING (uid)
                WHERE theirs.finished IS NOT NULL
                    AND (ours.id IS NULL OR ours.state = 'interrupted'
                        OR (ours.finished IS NOT NULL AND theirs.seal < ours.seal))
                ORDER BY theirs.id;

                UPDATE main.attempt SET superseded = 1
                WHERE uid IN (SELECT uid FROM other.attempt WHERE superseded = 1);
                """)
        for table in ["progress", "summary", "measurement"] {
            try database.execute(
                sql: "DELETE FROM main.\(table) WHERE attempt IN (SELECT replaced FROM incoming)")
        }
    }

    private func bringAttempts() throws {
        // Where they stand among the job's other attempts is decided below.
        try database.execute(
            sql: """
                CREATE TEMP TABLE wasSuperseded AS
                SELECT uid, superseded FROM main.attempt WHERE id IN (SELECT replaced FROM incoming)
                UNION ALL
                SELECT uid, superseded FROM other.attempt WHERE id IN (SELECT other FROM incoming);

                DELETE FROM main.attempt WHERE id IN (SELECT replaced FROM incoming);

                INSERT INTO main.attempt (job, number, state, superseded, started, finished,
                    message, weightsDigest, imagesPerSecond, threads, machine, codeVersion, uid,
                    rowSum, seal)
                SELECT job, \(Self.provisional) + id, state, 1, started, finished, message,
                    weightsDigest, imagesPerSecond, threads, machine, codeVersion, uid, rowSum, seal
                FROM other.attempt WHERE id IN (SELECT other FROM incoming);
                """)
    }

    private func bringMeasurements() throws {
        let trigger = try String.fetchOne(
            database,
            sql: "SELECT sql FROM main.sqlite_master WHERE name = 'measurementIsSummarized'")
        try database.execute(
            sql: """
                DROP TRIGGER main.measurementIsSummarized;

                INSERT OR IGNORE INTO main.metric (name, direction)
                SELECT name, direction FROM other.metric ORDER BY name;

                INSERT INTO main.measurement (attempt, metric, epoch, step, value, kind)
                SELECT \(Self.translated), epoch, step, value, kind
                FROM \(Self.translation("measurement"));

                INSERT INTO main.summary (attempt, metric, lastEpoch, lastStep, lastValue, lastKind,
                    bestEpoch, bestValue)
                SELECT \(Self.translated), lastEpoch, lastStep, lastValue, lastKind, bestEpoch,
                    bestValue
                FROM \(Self.translation("summary"));
                """)
        if let trigger { try database.execute(sql: trigger) }
    }

    private static let translated = "ourAttempt.id, ourMetric.id"

    /// From the other store's keys to ours, in the order of the attempts, which is nearly that of
    /// our keys: rows are then added at the end of their table.
    private static func translation(_ table: String) -> String {
        """
        incoming CROSS JOIN main.attempt AS ourAttempt ON ourAttempt.uid = incoming.uid
        CROSS JOIN other.\(table) AS theirs ON theirs.attempt = incoming.other
        CROSS JOIN other.metric AS theirMetric ON theirMetric.id = theirs.metric
        CROSS JOIN main.metric AS ourMetric ON ourMetric.name = theirMetric.name
        """
    }

    /// Above any number that counting attempts will reach.
    private static let provisional = 1_000_000_000

    // MARK: - Which attempt counts

    /// An attempt that was superseded anywhere stays so. Of several others, one with a result goes
    /// before one that runs, that before a failed one, and then the earlier one.
    private func decideWhichCount() throws {
        try database.execute(
            sql: """
                CREATE TEMP TABLE standing AS
                SELECT id, job, uid, number,
                    row_number() OVER (PARTITION BY job ORDER BY started, uid) AS newNumber,
                    row_number() OVER (
                        PARTITION BY job ORDER BY isOut,
                            CASE state WHEN 'finished' THEN 0 WHEN 'diverged' THEN 0
                                WHEN 'running' THEN 1 WHEN 'interrupted' THEN 1 ELSE 2 END,
                            started, uid) > 1 OR isOut AS isSuperseded
                FROM (
                    SELECT ours.*, coalesce(
                            (SELECT max(superseded) FROM wasSuperseded
                             WHERE wasSuperseded.uid = ours.uid), ours.superseded) AS isOut
                    FROM main.attempt AS ours
                    WHERE job IN (
                        SELECT job FROM main.attempt JOIN incoming USING (uid)
                        UNION SELECT job FROM other.attempt)
                );

                UPDATE main.attempt SET superseded = 1 WHERE id IN (SELECT id FROM standing);
                UPDATE main.attempt SET superseded = 0
                WHERE id IN (SELECT id FROM standing WHERE NOT isSuperseded);

                UPDATE main.attempt SET number = number + 2 * \(Self.provisional)
                WHERE id IN (SELECT id FROM standing WHERE number <> newNumber);
                UPDATE main.attempt
                SET number = (SELECT newNumber FROM standing WHERE standing.id = attempt.id)
                WHERE id IN (SELECT id FROM standing WHERE number <> newNumber);

                DROP TABLE temp.standing;
                DROP TABLE temp.wasSuperseded;
                """)
    }

    private func count(_ table: String) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)") ?? 0
    }
}

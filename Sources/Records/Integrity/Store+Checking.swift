import GRDB

extension Store {
    /// Everything in the store that is not as it was written; empty for a sound store.
    ///
    /// SQLite's own checks find broken pages, indices, constraints and references; the seals find
    /// rows whose contents changed, appeared or vanished.
    public func damage() throws(StoreError) -> [String] {
        try read { database in
            let pages = try String.fetchAll(database, sql: "PRAGMA integrity_check")
                .filter { $0 != "ok" }
            // What follows would stumble over broken pages.
            guard pages.isEmpty else { return pages }
            let references = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check")
            return references.map { "a row of \($0["table"] ?? "?") refers to one that is gone" }
                + (try unsealed("job", naming: "id", database) { Seal(job: $0) })
                + (try unsealed("listing", naming: "job", database) { Seal(listing: $0) })
                + (try unsealed("attempt", naming: "job", database) { Seal(attempt: $0) })
                + (try changedMetrics(database)) + (try changedMeasurements(database))
                + (try changedSummaries(database))
        }
    }

    private func unsealed(
        _ table: String, naming name: String, _ database: Database, _ seal: (Row) -> Seal
    ) throws -> [String] {
        let rows = try Row.fetchCursor(database, sql: "SELECT * FROM \(table)")
        var damage: [String] = []
        while let row = try rows.next() {
            guard row["seal"] != seal(row).text else { continue }
            damage.append("\(table) \(row[name] as String? ?? "?"): a value changed")
        }
        return damage
    }

    private func changedMetrics(_ database: Database) throws -> [String] {
        try Row.fetchAll(database, sql: "SELECT name, direction FROM metric").compactMap { row in
            let name: String = row["name"]
            return row["direction"] == MetricDirection(metric: name).rawValue
                ? nil : "metric \(name): its direction changed"
        }
    }

    private func changedMeasurements(_ database: Database) throws -> [String] {
        let sums = try Self.rowSums(database)
        return try Row.fetchAll(database, sql: "SELECT id, job, number, rowSum FROM attempt")
            .compactMap { row in
                row["rowSum"] == sums[row["id"]] ?? 0
                    ? nil
                    : "job \(row["job"] as String), attempt \(row["number"] as Int): a measurement "
                        + "changed, was added or is missing"
            }
    }

    /// Last and best follow from the measurements.
    private func changedSummaries(_ database: Database) throws -> [String] {
        let names = try String.fetchAll(
            database,
            sql: """
                WITH ranked AS (
                    SELECT attempt, metric, epoch, step, value, kind,
                        row_number() OVER (
                            PARTITION BY attempt, metric ORDER BY epoch DESC, step DESC) AS place
                    FROM measurement
                ), followed AS (
                    SELECT attempt, metric, epoch, step, value, kind FROM ranked WHERE place = 1
                ), best AS (
                    SELECT attempt, metric,
                        CASE direction WHEN 'max' THEN max(value) WHEN 'min' THEN min(value) END
                            AS value
                    FROM measurement JOIN metric ON metric.id = measurement.metric
                    WHERE kind = 'finite' GROUP BY attempt, metric
                )
                SELECT DISTINCT coalesce(owner.job, '?')
                FROM followed FULL JOIN summary USING (attempt, metric)
                LEFT JOIN best USING (attempt, metric)
                LEFT JOIN attempt AS owner ON owner.id = attempt
                WHERE epoch IS NOT lastEpoch OR step IS NOT lastStep
                    OR followed.value IS NOT lastValue OR kind IS NOT lastKind
                    OR best.value IS NOT bestValue
                """)
        return names.map { "job \($0): last or best does not follow from the measurements" }
    }
}

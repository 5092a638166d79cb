import GRDB

extension Store {
    /// Seals a row of `attempt` as it is now; the last statement of whatever changes one.
    func seal(attempt: Int64, _ database: Database) throws {
        try Self.seal(
            table: "attempt", rows: "id = ?", [attempt], in: database
        ) { Seal(attempt: $0) }
    }

    func seal(job: String, _ database: Database) throws {
        try Self.seal(table: "job", rows: "id = ?", [job], in: database) { Seal(job: $0) }
    }

    func seal(listingsOf job: String, _ database: Database) throws {
        try Self.seal(
            table: "listing", rows: "job = ?", [job], in: database
        ) { Seal(listing: $0) }
    }

    /// Seals what older versions left unsealed: a step of the schema.
    static func sealEverything(_ database: Database) throws {
        try identifyAttempts(database)
        try seal(table: "job", rows: "1", [], in: database) { Seal(job: $0) }
        try seal(table: "listing", rows: "1", [], in: database) { Seal(listing: $0) }
        try seal(table: "attempt", rows: "1", [], in: database) { Seal(attempt: $0) }
    }

    /// Attempts of older stores are named by their contents, so that copies of one store name them
    /// alike.
    private static func identifyAttempts(_ database: Database) throws {
        for (attempt, sum) in try rowSums(database) {
            try database.execute(
                sql: "UPDATE attempt SET rowSum = ? WHERE id = ?", arguments: [sum, attempt])
        }
        for row in try Row.fetchAll(database, sql: "SELECT * FROM attempt WHERE uid IS NULL") {
            var seal = Seal(attempt: row)
            seal.add(row["number"] as Int?)
            try database.execute(
                sql: "UPDATE attempt SET uid = ? WHERE id = ?",
                arguments: ["content-" + seal.text, row["id"] as Int64?])
        }
    }

    /// The sum of the seals of each attempt's measurements.
    static func rowSums(_ database: Database) throws -> [Int64: Int64] {
        // A metric's name is the same in many rows: its part of the seal is made once.
        let names = Dictionary(
            try Row.fetchAll(database, sql: "SELECT id, name FROM metric").map {
                ($0[0] as Int64, Seal(metric: $0[1]))
            }, uniquingKeysWith: { $1 })
        let rows = try Row.fetchCursor(
            database, sql: "SELECT attempt, metric, epoch, step, value, kind FROM measurement")
        var sums: [Int64: Int64] = [:]
        while let row = try rows.next() {
            var seal = names[row[1]] ?? Seal(metric: "?")
            seal.add(epoch: row[2], step: row[3], value: row[4], kind: row[5])
            sums[row[0], default: 0] &+= seal.summand
        }
        return sums
    }

    private static func seal(
        table: String, rows condition: String, _ arguments: StatementArguments,
        in database: Database, _ seal: (Row) -> Seal
    ) throws {
        let key = table == "listing" ? "job = :a AND tableName = :b" : "id = :a"
        let rows = try Row.fetchAll(
            database.cachedStatement(sql: "SELECT * FROM \(table) WHERE \(condition)"),
            arguments: arguments)
        let update = try database.cachedStatement(
            sql: "UPDATE \(table) SET seal = :seal WHERE \(key)")
        for row in rows {
            var values: [String: (any DatabaseValueConvertible)?] = [
                "seal": seal(row).text,
                "a": row[table == "listing" ? "job" : "id"] as DatabaseValue?,
            ]
            if table == "listing" { values["b"] = row["tableName"] as String? }
            try update.execute(arguments: StatementArguments(values))
        }
    }
}

import Foundation
import GRDB

/// Opens the file, brings it up to date, and survives that others do the same at the same time.
struct StoreOpening {
    let file: StoreFile
    let now: @Sendable () -> Date

    /// How long one statement waits for another process.
    private static let busySeconds = 30.0

    func open() throws(StoreError) -> DatabaseQueue {
        try retryingWhileBusy {
            let queue = try DatabaseQueue(path: file.path, configuration: configuration)
            try queue.writeWithoutTransaction(prepare)
            return queue
        }
    }

    /// For reading, whatever its version.
    func openForCopying() throws(StoreError) -> DatabaseQueue {
        try retryingWhileBusy {
            var configuration = configuration
            configuration.readonly = true
            let queue = try DatabaseQueue(path: readOnlyPath, configuration: configuration)
            _ = try queue.read(readVersion)
            return queue
        }
    }

    func openReadOnly() throws(StoreError) -> DatabaseQueue {
        let queue = try openForCopying()
        return try retryingWhileBusy {
            let version = try queue.read(readVersion)
            guard version == Migration.newestVersion else {
                throw StoreError.older(
                    path: file.path, version: version, supported: Migration.newestVersion)
            }
            return queue
        }
    }

    private var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(Self.busySeconds)
        configuration.foreignKeysEnabled = true
        configuration.label = "gc-bench store"
        return configuration
    }

    /// A write-ahead log needs files beside the store. Where none can be made and none is left
    /// over, SQLite is told that nothing will change.
    private var readOnlyPath: String {
        let hasLog = FileManager.default.fileExists(atPath: file.path + "-wal")
        guard !file.isWritable, !hasLog else { return file.path }
        let escaped = file.path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed)
        return "file:\(escaped ?? file.path)?immutable=1"
    }

    private func prepare(_ database: Database) throws {
        let version = try readVersion(database)
        // Not lost by a crash of the machine either: a commit waits for the disk.
        try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        if version < Migration.newestVersion {
            try database.inTransaction(.immediate) {
                try migrate(database)
                return .commit
            }
        }
    }

    /// The number of migrations the store has; 0 for a new one. Refuses what is not ours.
    private func readVersion(_ database: Database) throws -> Int {
        let id = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        try file.check(applicationID: id, version: version)
        if id == Schema.applicationID { return version }
        let contents = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        guard contents == 0, version == 0 else {
            throw StoreError.notAStore(
                path: file.path, reason: "it is a database of another program")
        }
        return 0
    }

    /// Runs inside an immediate transaction, so the version read here is the one that counts:
    /// another process may have migrated since `prepare` looked.
    private func migrate(_ database: Database) throws {
        let version = try readVersion(database)
        for (index, migration) in Migration.all.enumerated().dropFirst(version) {
            try database.execute(sql: migration.sql)
            try migration.completion(database)
            try database.execute(
                sql: "INSERT INTO migration (version, name, applied) VALUES (?, ?, ?)",
                arguments: [index + 1, migration.name, now().formatted(.iso8601)])
        }
        try database.execute(
            sql: """
                PRAGMA application_id = \(Schema.applicationID);
                PRAGMA user_version = \(Migration.newestVersion)
                """)
    }

    /// Changing the journal mode does not wait for other processes as statements do.
    private func retryingWhileBusy<Result>(
        _ operation: () throws -> Result
    ) throws(StoreError) -> Result {
        let start = ContinuousClock.now
        while true {
            do {
                return try operation()
            } catch {
                let error = StoreError(error, path: file.path)
                guard case .busy = error, ContinuousClock.now - start < .seconds(Self.busySeconds)
                else { throw error }
                Thread.sleep(forTimeInterval: .random(in: 0.001...0.02))
            }
        }
    }
}

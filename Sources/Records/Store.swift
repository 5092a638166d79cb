public import Foundation
import GRDB

/// The record of everything that was run: one SQLite file.
///
/// The runner is its only writer; workers send it events. Every method is one transaction, so a
/// process that is killed at any moment leaves either all of it or nothing. Several processes may
/// have the same store open.
public final class Store: Sendable {
    public let path: String
    let queue: DatabaseQueue
    let runner: RunnerIdentity
    let now: @Sendable () -> Date
    /// Holds a copy that is only there to be read; nil for a store in its own place.
    private let copy: TemporaryFolder?

    /// How long a runner that cannot be seen from here counts as alive after its last sign of life.
    public static let leaseSeconds = 90.0

    /// The default place, below the folder that gc-bench is started in.
    public static let defaultPath = "Results/gc-bench.sqlite"

    private init(
        path: String, queue: DatabaseQueue, runner: RunnerIdentity,
        now: @escaping @Sendable () -> Date, copy: TemporaryFolder? = nil
    ) {
        self.copy = copy
        self.path = path
        self.queue = queue
        self.runner = runner
        self.now = now
    }

    /// Opens a store for writing; makes it, and its folder, when there is none.
    ///
    /// - Parameters:
    ///   - runner: who claims jobs through it.
    ///   - allowsNetwork: opens a store on a network file system too.
    ///   - now: the clock that dates rows.
    /// - Throws: `StoreError`. A file that is not a store, or one made by a newer gc-bench, is left
    ///   as it is.
    public static func open(
        path: String, runner: RunnerIdentity = .current(), allowsNetwork: Bool = false,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(StoreError) -> Store {
        let file = StoreFile(path: URL(fileURLWithPath: path).path)
        _ = try file.inspect()
        try file.makeFolder()
        guard file.isWritable else {
            throw .unwritable(path: file.path, reason: "the file or its folder is read-only")
        }
        if !allowsNetwork, let name = MountTable.current().networkType(of: file.realFolder) {
            throw .onNetwork(path: file.path, fileSystem: name)
        }
        let queue = try StoreOpening(file: file, now: now).open()
        return Store(path: file.path, queue: queue, runner: runner, now: now)
    }

    /// Opens a store that is there, for reading; works in a read-only folder too. A store made by
    /// an older version is read from a copy and stays as it is.
    public static func openReadOnly(path: String) throws(StoreError) -> Store {
        let file = StoreFile(path: URL(fileURLWithPath: path).path)
        guard try file.inspect() else { throw .missing(path: file.path) }
        do throws(StoreError) {
            let queue = try StoreOpening(file: file, now: { Date() }).openReadOnly()
            return Store(path: file.path, queue: queue, runner: .current(), now: { Date() })
        } catch {
            guard case .older = error else { throw error }
            return try openCopy(of: path)
        }
    }

    /// Opens a copy of a store of any version as it is now, brought up to date; others may write
    /// to the store meanwhile.
    static func openCopy(of path: String) throws(StoreError) -> Store {
        let original = StoreFile(path: URL(fileURLWithPath: path).path)
        guard try original.inspect() else { throw .missing(path: original.path) }
        do {
            let folder = try TemporaryFolder()
            let file = StoreFile(path: folder.url.appendingPathComponent("copy.sqlite").path)
            let source = try StoreOpening(file: original, now: { Date() }).openForCopying()
            try source.backup(to: DatabaseQueue(path: file.path))
            let queue = try StoreOpening(file: file, now: { Date() }).open()
            return Store(
                path: file.path, queue: queue, runner: .current(), now: { Date() }, copy: folder)
        } catch {
            throw StoreError(error, path: original.path)
        }
    }

    /// Closes the file. A store that is let go of closes itself; this says so when it fails.
    public func close() throws(StoreError) {
        do {
            try queue.close()
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Everything in it, or nothing: BEGIN IMMEDIATE … COMMIT.
    func write<Result>(_ updates: (Database) throws -> Result) throws(StoreError) -> Result {
        do {
            return try queue.write(updates)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// As `write`, but without waiting for the disk: a loss of power may undo it, and nothing is
    /// wrong then. For what only says who is at work, and where.
    func writeSoon<Result>(_ updates: (Database) throws -> Result) throws(StoreError) -> Result {
        do {
            return try queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = NORMAL")
                defer { try? database.execute(sql: "PRAGMA synchronous = FULL") }
                var result: Result?
                try database.inTransaction(.immediate) {
                    result = try updates(database)
                    return .commit
                }
                guard let result else { throw StoreError.busy(path: path) }
                return result
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    func read<Result>(_ query: (Database) throws -> Result) throws(StoreError) -> Result {
        do {
            return try queue.read(query)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// UTC, ISO 8601, whole seconds.
    var timestamp: String { now().formatted(.iso8601) }
}

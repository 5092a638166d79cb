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

    /// How long a runner that cannot be seen from here counts as alive after its last sign of life.
    public static let leaseSeconds = 90.0

    /// The default place, below the folder that gc-bench is started in.
    public static let defaultPath = "Results/gc-bench.sqlite"

    private init(
        path: String, queue: DatabaseQueue, runner: RunnerIdentity,
        now: @escaping @Sendable () -> Date
    ) {
        self.path = path
        self.queue = queue
        self.runner = runner
        self.now = now
    }

    /// Opens a store for writing; makes it, and its folder, when there is none.
    ///
    /// - Parameters:
    ///   - runner: who claims jobs through it.
    ///   - now: the clock that dates rows.
    /// - Throws: `StoreError`. A file that is not a store, or one made by a newer gc-bench, is left
    ///   as it is.
    public static func open(
        path: String, runner: RunnerIdentity = .current(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(StoreError) -> Store {
        let file = StoreFile(path: URL(fileURLWithPath: path).path)
        _ = try file.inspect()
        try file.makeFolder()
        guard file.isWritable else {
            throw .unwritable(path: file.path, reason: "the file or its folder is read-only")
        }
        let queue = try StoreOpening(file: file, now: now).open()
        return Store(path: file.path, queue: queue, runner: runner, now: now)
    }

    /// Opens a store that is there, for reading; works in a read-only folder too.
    public static func openReadOnly(path: String) throws(StoreError) -> Store {
        let file = StoreFile(path: URL(fileURLWithPath: path).path)
        guard try file.inspect() else { throw .missing(path: file.path) }
        let queue = try StoreOpening(file: file, now: { Date() }).openReadOnly()
        return Store(path: file.path, queue: queue, runner: .current(), now: { Date() })
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

import Foundation
import GRDB
import Records
import Testing

@Suite("Opening a store")
struct OpeningTests {
    @Test("A new store is made with its folder, and says what it is in its header")
    func new() throws {
        let path = try temporaryFolder().appendingPathComponent("a/b/store.sqlite").path
        try Store.open(path: path).close()
        let queue = try DatabaseQueue(path: path)
        try queue.read { database in
            #expect(try Int.fetchOne(database, sql: "PRAGMA application_id") == 0x6763_626E)
            #expect(try Int.fetchOne(database, sql: "PRAGMA user_version") == 4)
            #expect(try String.fetchOne(database, sql: "PRAGMA journal_mode") == "wal")
            let loose = try String.fetchAll(
                database,
                sql: """
                    SELECT name FROM pragma_table_list
                    WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite%'
                    """)
            #expect(loose == [])
            #expect(
                try String.fetchAll(database, sql: "SELECT name FROM migration ORDER BY version")
                    == [
                        "jobs, attempts, measurements", "views", "seals, identities, progress",
                        "epochs chosen on validation images",
                    ])
        }
    }

    @Test("Opening again keeps what is there")
    func again() throws {
        let path = try temporaryStorePath()
        try Store.open(path: path).register([job("a")])
        #expect(try Store.open(path: path).jobs().map(\.job) == [job("a")])
        #expect(try Store.openReadOnly(path: path).jobs().count == 1)
    }

    @Test("A store made by a newer version is refused and left byte for byte as it was")
    func newer() throws {
        let path = try temporaryStorePath()
        try Store.open(path: path).close()
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 99") }
        try queue.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let expected = StoreError.newer(path: path, version: 99, supported: 4)
        #expect(throws: expected) { try Store.open(path: path) }
        #expect(throws: expected) { try Store.openReadOnly(path: path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
    }

    @Test(
        "Text, an empty folder and another program's database are no stores, and stay as they are")
    func notAStore() throws {
        let folder = try temporaryFolder()
        let text = folder.appendingPathComponent("text.sqlite")
        try Data(repeating: 65, count: 5_000).write(to: text)
        let other = folder.appendingPathComponent("other.sqlite")
        let queue = try DatabaseQueue(path: other.path)
        try queue.write { try $0.execute(sql: "CREATE TABLE mine (x)") }
        try queue.close()
        for file in [text, other] {
            let before = try Data(contentsOf: file)
            let error = #expect(throws: StoreError.self) { try Store.open(path: file.path) }
            guard case .notAStore = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(try Data(contentsOf: file) == before)
        }
        #expect(throws: StoreError.notAStore(path: folder.path, reason: "it is a folder")) {
            try Store.open(path: folder.path)
        }
    }

    @Test("A truncated store is damaged or no store, never a crash", arguments: [50, 600, 9_000])
    func truncated(_ byteCount: Int) throws {
        let path = try temporaryStorePath()
        let store = try Store.open(path: path)
        try store.finish(job("a"), accuracy: 50)
        try store.close()
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        try whole.prefix(byteCount).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: StoreError.self) { try Store.open(path: path).jobs() }
        switch error {
        case .damaged, .notAStore: break
        default: Issue.record("\(String(describing: error))")
        }
    }

    @Test("A place that cannot be written is named, and so is a store that is not there")
    func unwritable() throws {
        let file = try temporaryFolder().appendingPathComponent("file")
        try Data().write(to: file)
        let path = file.appendingPathComponent("store.sqlite").path
        let error = #expect(throws: StoreError.self) { try Store.open(path: path) }
        guard case .unwritable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let missing = try temporaryStorePath()
        #expect(throws: StoreError.missing(path: missing)) {
            try Store.openReadOnly(path: missing)
        }
        #expect(!FileManager.default.fileExists(atPath: missing))
    }

    @Test("Every error says what to do next")
    func messages() {
        #expect(
            "\(StoreError.newer(path: "s.sqlite", version: 3, supported: 2))" == """
                s.sqlite: made by a newer gc-bench (store version 3, this one reads 2). It was left \
                untouched; use that gc-bench, or another file with --db.
                """)
        #expect("\(StoreError.missing(path: "s"))".contains("gc-bench run SPEC"))
        #expect("\(StoreError.unwritable(path: "s", reason: "r"))".contains("--db"))
        #expect("\(StoreError.diskFull(path: "s"))".contains("Free some space"))
    }
}

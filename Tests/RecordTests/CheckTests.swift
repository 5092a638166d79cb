import Foundation
import GRDB
import Records
import Testing

@Suite("Checking")
struct CheckTests {
    private func store() throws -> Store {
        let store = try Store.open(path: try temporaryStorePath())
        for seed in 0..<3 { try store.finish(job("job-\(seed)", seed: seed), accuracy: 50) }
        try store.register([job("open")])
        let claim = try #require(try store.claim("open").claim)
        try store.record([MetricValue("test_loss", epoch: 1, step: 1, value: .nan)], for: claim)
        return store
    }

    @Test("A store in which anything was written, restored, released or superseded is sound")
    func sound() throws {
        let store = try store()
        #expect(try store.damage() == [])
        let again = try #require(try store.claim("job-0", fresh: true).claim)
        try store.describe(
            again, as: AttemptEnvironment(threads: 3, machine: "{}", codeVersion: "1"))
        try store.record([MetricValue("test_loss", epoch: 1, step: 1, value: 1)], for: again)
        try store.restore([MetricValue("test_loss", epoch: 2, step: 2, value: 2)], for: again)
        #expect(try store.damage() == [])
        try store.release(again)
        #expect(try store.damage() == [])
        let taken = try #require(try store.claim("job-0").claim)
        try store.finish(taken, JobCompletion(.diverged(message: "infinite")))
        #expect(try store.damage() == [])
    }

    @Test(
        "Any change of any value of any row is found",
        arguments: [
            "UPDATE measurement SET value = value + 1e-12 WHERE attempt = 2 AND value > 10",
            "UPDATE measurement SET epoch = 7 WHERE attempt = 1 AND epoch = 1",
            "UPDATE measurement SET kind = 'inf' WHERE kind = 'nan'",
            "DELETE FROM measurement WHERE attempt = 3 AND metric = 1",
            "UPDATE summary SET lastValue = 51 WHERE attempt = 1",
            "UPDATE summary SET bestValue = 51 WHERE attempt = 1 AND bestValue = 50",
            "DELETE FROM summary WHERE attempt = 1 AND metric = 1",
            "UPDATE job SET seed = 9 WHERE id = 'job-1'",
            "UPDATE job SET specification = '{}' WHERE id = 'open'",
            "UPDATE job SET synthetic = 1 WHERE id = 'job-2'",
            "UPDATE listing SET label = 'resnet9' WHERE job = 'job-1'",
            "UPDATE listing SET position = 3 WHERE job = 'job-1'",
            "UPDATE attempt SET weightsDigest = 'other' WHERE id = 1",
            "UPDATE attempt SET finished = '2001-01-01T00:00:00Z' WHERE id = 1",
            "UPDATE attempt SET state = 'diverged' WHERE id = 1",
            "UPDATE attempt SET threads = 5 WHERE id = 1",
            "UPDATE metric SET direction = 'min' WHERE name = 'test_accuracy'",
            "UPDATE metric SET name = 'test_accuracz' WHERE name = 'test_accuracy'",
        ])
    func changed(_ sql: String) throws {
        let store = try store()
        try DatabaseQueue(path: store.path).write {
            try $0.execute(sql: sql)
            #expect($0.changesCount > 0, "the change hits nothing")
        }
        #expect(try !store.damage().isEmpty)
    }

    @Test("A store of an older version is sealed when it is brought up to date")
    func migrated() throws {
        let path = try temporaryStorePath()
        try Store.open(path: path).close()
        // What version 2 had not; its rows are written as it wrote them.
        try DatabaseQueue(path: path).writeWithoutTransaction {
            try $0.execute(
                sql: """
                    DROP VIEW results; DROP VIEW comparisons; DROP VIEW chosen;
                    DROP TABLE progress; DROP INDEX attemptByIdentity;
                    ALTER TABLE job DROP COLUMN canonical; ALTER TABLE job DROP COLUMN seal;
                    ALTER TABLE listing DROP COLUMN seal; ALTER TABLE attempt DROP COLUMN uid;
                    ALTER TABLE attempt DROP COLUMN rowSum; ALTER TABLE attempt DROP COLUMN seal;
                    DELETE FROM migration WHERE version > 2; PRAGMA user_version = 2;
                    INSERT INTO job VALUES ('a', 'c', 'r', 0, '{}', 'shapes', 'resnet8', 'bn', 'sgd',
                        'none', 'float32', 'cpu', 'auto', 3, 0, 0, 0, '2026-01-01T00:00:00Z');
                    INSERT INTO listing VALUES ('a', 'quick', 'q.spec', 'l', NULL, '[]', 0);
                    INSERT INTO attempt (job, number, state, started, finished, weightsDigest)
                    VALUES ('a', 1, 'finished', '2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z', 'w');
                    INSERT INTO metric (name, direction) VALUES ('test_accuracy', 'max');
                    INSERT INTO measurement VALUES (1, 1, 1, 10, 50.0, 'finite');
                    """)
        }
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let reading = try Store.openReadOnly(path: path)
        #expect(try reading.jobs().first?.metrics["test_accuracy"]?.last == 50)
        #expect(try reading.damage() == [])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        let store = try Store.open(path: path)
        #expect(try store.damage() == [])
        #expect(try store.states() == ["a": .finished])
        // Copies of one old store are the same results.
        let other = try temporaryStorePath()
        try before.write(to: URL(fileURLWithPath: other))
        #expect(try store.merge(other).newAttempts == 0)
        try DatabaseQueue(path: path).write {
            try $0.execute(sql: "UPDATE attempt SET weightsDigest = 'x'")
        }
        #expect(try !store.damage().isEmpty)
    }
}

@Suite("Network file systems")
struct MountTableTests {
    private let table = MountTable(
        text: """
            22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw
            30 22 0:26 / /home rw - nfs4 server:/home rw
            31 30 0:27 / /home/local\\040disk rw - xfs /dev/sdb rw
            32 22 0:28 / /mnt/share rw - fuse.sshfs host: rw
            33 22 0:29 / /mnt/share rw - tmpfs none rw
            34 22 0:30 / /host rw - 9p host rw
            """)

    @Test("The nearest mount decides, and of several over one folder the last")
    func nearest() {
        #expect(table.networkType(of: "/home/me/Results") == "nfs4")
        #expect(table.networkType(of: "/home") == "nfs4")
        #expect(table.networkType(of: "/homeless") == nil)
        #expect(table.networkType(of: "/home/local disk/x") == nil)
        #expect(table.networkType(of: "/mnt/share/x") == nil)
        #expect(table.networkType(of: "/host/x") == nil)
        #expect(table.networkType(of: "/tmp") == nil)
    }
}

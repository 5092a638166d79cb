import Foundation
import GRDB
import Records
import Testing

/// The rows of a query as text, as `sqlite3` shows them; nil is "".
func rows(_ sql: String, _ path: String) throws -> [[String]] {
    try DatabaseQueue(path: path).read { database in
        try Row.fetchAll(database, sql: sql).map { row in
            row.databaseValues.map { $0.isNull ? "" : "\($0.storage.value ?? "")" }
        }
    }
}

@Suite("Views")
struct ViewTests {
    @Test("The columns of the views are a promise")
    func columns() throws {
        let path = try temporaryStorePath()
        try Store.open(path: path).close()
        func columns(_ view: String) throws -> String {
            try rows("SELECT name FROM pragma_table_info('\(view)')", path).joined()
                .joined(separator: " ")
        }
        #expect(
            try columns("results") == """
                job spec table label dataset backbone normalization optimizer gc precision backend \
                threads seed metric last best best_epoch epochs state smoke synthetic subset \
                weights_digest images_per_second started finished
                """)
        #expect(try columns("curves") == "job epoch step metric value kind")
        #expect(
            try columns("comparisons") == """
                table label dataset backbone normalization optimizer gc seed metric off_last on_last \
                difference_last off_best on_best difference_best off_job on_job smoke synthetic \
                subset
                """)
    }

    @Test("Where images were kept out of training, they choose the epoch of the test figures")
    func chosenOnValidation() throws {
        let store = try Store.open(path: try temporaryStorePath())
        try store.register([job("a"), job("b", gc: "gc")])
        for (id, curve) in [
            ("a", [(50.0, 40.0), (70, 60), (75, 55), (60, 60)]), ("b", [(90, 10), (80, 20)]),
        ] {
            let claim = try #require(try store.claim(id).claim)
            for (epoch, (test, validation)) in curve.enumerated() {
                try store.record(
                    [
                        MetricValue("test_accuracy", epoch: epoch, step: epoch, value: test),
                        MetricValue("test_loss", epoch: epoch, step: epoch, value: 3 - test / 50),
                        MetricValue(
                            "validation_accuracy", epoch: epoch, step: epoch, value: validation),
                        MetricValue("train_loss", epoch: epoch, step: epoch, value: -1.0),
                    ], for: claim)
            }
            try store.finish(claim, JobCompletion(.finished))
        }
        let sql =
            "SELECT metric, last, best, best_epoch FROM results WHERE job = 'a' ORDER BY metric"
        #expect(
            try rows(sql, store.path) == [
                ["test_accuracy", "60.0", "70.0", "1"], ["test_loss", "1.8", "1.6", "1"],
                ["train_loss", "-1.0", "-1.0", "0"], ["validation_accuracy", "60.0", "60.0", "1"],
            ])
        #expect(
            try rows(
                "SELECT difference_best FROM comparisons WHERE metric = 'test_accuracy'",
                store.path) == [["10.0"]])
        let record = try #require(try store.jobs().first { $0.job.id == "a" })
        #expect(record.metrics["test_accuracy"]?.best == 70)
        #expect(record.metrics["test_accuracy"]?.bestEpoch == 1)
        #expect(try store.damage() == [])
    }

    @Test("Best is the highest accuracy and the lowest loss, the earliest of equals")
    func best() throws {
        let store = try Store.open(path: try temporaryStorePath())
        try store.register([job("a")])
        let claim = try #require(try store.claim("a").claim)
        for (epoch, accuracy, loss) in [(1, 50.0, 2.0), (2, 70, 1), (3, 70, 1), (4, 60, 1.5)] {
            try store.record(
                [
                    MetricValue("test_accuracy", epoch: epoch, step: epoch, value: accuracy),
                    MetricValue("test_loss", epoch: epoch, step: epoch, value: loss),
                    MetricValue("learning_rate", epoch: epoch, step: epoch, value: 0.1),
                ], for: claim)
        }
        let sql =
            "SELECT metric, last, best, best_epoch, epochs, state FROM results ORDER BY metric"
        #expect(
            try rows(sql, store.path) == [
                ["learning_rate", "0.1", "", "", "3", "running"],
                ["test_accuracy", "60.0", "70.0", "2", "3", "running"],
                ["test_loss", "1.5", "1.0", "2", "3", "running"],
            ])
    }

    @Test("NaN and infinities are kept as such and never best")
    func notFinite() throws {
        let store = try Store.open(path: try temporaryStorePath())
        try store.register([job("a")])
        let claim = try #require(try store.claim("a").claim)
        let values = [3.0, -.infinity, .infinity, .nan]
        try store.finish(
            claim, JobCompletion(.diverged(message: nil)),
            measurements: values.enumerated().map {
                MetricValue("train_loss", epoch: $0.offset, step: $0.offset, value: $0.element)
            })
        #expect(
            try rows("SELECT value, kind FROM curves ORDER BY epoch", store.path)
                == [["3.0", "finite"], ["", "-inf"], ["", "inf"], ["", "nan"]])
        #expect(
            try rows("SELECT last, best, state FROM results", store.path)
                == [["", "3.0", "diverged"]])
        let read = try store.measurements(of: "a").map(\.value)
        #expect(read[..<3] == [3, -.infinity, .infinity] && read[3].isNaN)
        #expect(try store.jobs().first?.metrics["train_loss"]?.last.isNaN == true)
    }

    @Test("A job that never ran has a row with its state and no metric")
    func planned() throws {
        let store = try Store.open(path: try temporaryStorePath())
        try store.register([job("a")])
        #expect(
            try rows("SELECT job, state, metric, last, threads, started FROM results", store.path)
                == [["a", "planned", "", "", "auto", ""]])
    }

    @Test("Comparisons pair the arms of a row by seed, finished jobs only")
    func comparisons() throws {
        let store = try Store.open(path: try temporaryStorePath())
        try store.finish(job("off0", seed: 0), accuracy: 50)
        try store.finish(job("on0", gc: "gc", seed: 0), accuracy: 53)
        try store.finish(job("off1", seed: 1), accuracy: 51)
        try store.register([job("on1", gc: "gc", seed: 1), job("on2", gc: "gc", seed: 2)])
        _ = try store.claim("on1")
        #expect(
            try rows(
                """
                SELECT gc, seed, off_last, on_last, difference_last, difference_best, off_job
                FROM comparisons WHERE metric = 'test_accuracy'
                """, store.path) == [["gc", "0", "50.0", "53.0", "3.0", "3.0", "off0"]])
    }

    @Test("Registering again keeps the job and renews its listing; a second table lists it too")
    func listings() throws {
        let store = try Store.open(path: try temporaryStorePath())
        try store.finish(job("a"), accuracy: 50)
        try store.register([job("a"), job("a", table: "other")])
        #expect(
            try rows(
                "SELECT \"table\", last FROM results WHERE metric = 'test_accuracy' ORDER BY 1",
                store.path) == [["other", "50.0"], ["quick", "50.0"]])
        #expect(try store.states() == ["a": .finished])
    }

    @Test("A row the schema forbids is refused and nothing of its batch stays")
    func refused() throws {
        let store = try Store.open(path: try temporaryStorePath())
        #expect(throws: StoreError.self) { try store.register([job("a"), job("", seed: 1)]) }
        #expect(throws: StoreError.self) { try store.register([job("b", seed: -1)]) }
        #expect(try store.jobs().isEmpty)
        try store.register([job("a")])
        let claim = try #require(try store.claim("a").claim)
        let value = MetricValue("loss", epoch: 1, step: 1, value: 1)
        #expect(throws: StoreError.self) { try store.record([value, value], for: claim) }
        #expect(try store.measurements(of: "a").isEmpty)
    }

    @Test("Two hundred thousand values are summarized like two")
    func many() throws {
        let store = try Store.open(path: try temporaryStorePath())
        let jobs = (0..<20).map { job("job-\($0)", seed: $0) }
        try store.register(jobs)
        for entry in jobs {
            let claim = try #require(try store.claim(entry.id).claim)
            try store.finish(
                claim, JobCompletion(.finished),
                measurements: (1...10_000).map {
                    MetricValue("train_loss", epoch: $0, step: $0, value: 1 / Double($0))
                })
        }
        #expect(try store.jobs().allSatisfy { $0.metrics["train_loss"]?.best == 1e-4 })
        let plan = try rows("EXPLAIN QUERY PLAN SELECT * FROM results", store.path).joined()
        #expect(!plan.contains { $0.contains("measurement") })
    }
}

import Foundation
import GRDB
import Records
import Testing

@Suite("Merging")
struct MergeTests {
    /// A store with results, one superseded, one failed, and one job that has not ended.
    private func store(seeds: Range<Int>, accuracy: Double) throws -> Store {
        let store = try Store.open(path: try temporaryStorePath())
        for seed in seeds {
            try store.finish(job("job-\(seed)", seed: seed), accuracy: accuracy + Double(seed))
        }
        return store
    }

    /// What a store knows of results, whatever its keys and however it counts attempts.
    private func contents(_ store: Store) throws -> [[String]] {
        try [
            """
            SELECT id, cell, row, seed, specification, canonical, registered, seal FROM job
            ORDER BY id
            """,
            "SELECT * FROM listing ORDER BY job, tableName",
            """
            SELECT uid, job, state, superseded, started, finished, weightsDigest, rowSum,
                seal
            FROM attempt WHERE finished IS NOT NULL ORDER BY uid
            """,
            """
            SELECT uid, name, epoch, step, value, kind
            FROM measurement JOIN attempt ON attempt.id = attempt
            JOIN metric ON metric.id = measurement.metric ORDER BY 1, 2, 3, 4
            """,
            """
            SELECT uid, name, lastEpoch, lastStep, lastValue, lastKind, bestEpoch, bestValue
            FROM summary JOIN attempt ON attempt.id = attempt
            JOIN metric ON metric.id = summary.metric ORDER BY 1, 2
            """,
        ].flatMap { try rows($0, store.path) }
    }

    /// A copy of a store, so that one may be merged in two ways.
    private func copy(_ store: Store) throws -> Store {
        let path = try temporaryStorePath()
        try DatabaseQueue(path: store.path).backup(to: DatabaseQueue(path: path))
        return try Store.open(path: path)
    }

    @Test("Which is merged into which does not matter, and merging again changes nothing")
    func commutative() throws {
        let (a, b) = (try store(seeds: 0..<4, accuracy: 50), try store(seeds: 2..<6, accuracy: 60))
        let superseded = try #require(try b.claim("job-5", fresh: true).claim)
        try b.finish(superseded, JobCompletion(.diverged(message: nil), weightsDigest: "d"))
        try a.register([job("failing"), job("running")])
        try a.finish(
            try #require(try a.claim("failing").claim),
            JobCompletion(.failed(message: "out of memory")))
        _ = try a.claim("running")
        let (here, there) = (try copy(a), try copy(b))

        let summary = try here.merge(b.path)
        try there.merge(a.path)
        #expect(summary == MergeSummary(newJobs: 2, newAttempts: 5))
        let merged = try contents(here)
        #expect(try contents(there) == merged)
        #expect(try here.damage() == [] && there.damage() == [])

        #expect(try here.merge(b.path) == MergeSummary(newJobs: 0, newAttempts: 0))
        #expect(try here.merge(there.path) == MergeSummary(newJobs: 0, newAttempts: 0))
        #expect(try contents(here) == merged)
        #expect(try here.jobs().filter { $0.state.isDone }.count == 6)
    }

    @Test("A result takes the place of an attempt that was interrupted")
    func interrupted() throws {
        let a = try store(seeds: 0..<1, accuracy: 50)
        let b = try Store.open(path: try temporaryStorePath())
        try b.register([job("job-0")])
        let claim = try #require(try b.claim("job-0").claim)
        try b.record([MetricValue("test_accuracy", epoch: 1, step: 5, value: 1)], for: claim)
        try b.release(claim)
        try b.merge(a.path)
        #expect(try b.states() == ["job-0": .finished])
        #expect(try b.measurements(of: "job-0") == a.measurements(of: "job-0"))
        #expect(try b.damage() == [])
        // And the other way round: the unfinished attempt stays where it runs.
        #expect(try a.merge(b.path) == MergeSummary(newJobs: 0, newAttempts: 0))
    }

    @Test("Two copies of one interrupted store that both went on end alike")
    func forked() throws {
        let a = try Store.open(path: try temporaryStorePath())
        try a.register([job("a")])
        try a.release(try #require(try a.claim("a").claim))
        let b = try copy(a)
        for store in [a, b] {
            let claim = try #require(try store.claim("a").claim)
            try store.finish(
                claim, JobCompletion(.finished, weightsDigest: "w"),
                measurements: [
                    MetricValue("images_per_second", epoch: 1, step: 1, value: store === a ? 1 : 2)
                ])
        }
        let (here, there) = (try copy(a), try copy(b))
        try here.merge(b.path)
        try there.merge(a.path)
        #expect(try contents(here) == contents(there))
        #expect(try here.jobs().count == 1)
    }

    @Test("A damaged store is refused, and so is what is no store; nothing is changed")
    func damaged() throws {
        let (a, b) = (try store(seeds: 0..<2, accuracy: 50), try store(seeds: 2..<4, accuracy: 50))
        let before = try contents(a)
        try DatabaseQueue(path: b.path).write {
            try $0.execute(sql: "UPDATE measurement SET value = value + 1e-9")
        }
        let error = #expect(throws: StoreError.self) { try a.merge(b.path) }
        #expect(error?.description.contains("measurement") == true)
        #expect(throws: StoreError.self) { try a.merge("/dev/null/none.sqlite") }
        #expect(try contents(a) == before)
    }

    /// `gc-bench bench-runner` measures the million that the design promises; here the machine may
    /// be busy with other tests.
    @Test("A hundred thousand measurements merge in seconds")
    func many() throws {
        let big = try Store.open(path: try temporaryStorePath())
        for index in 0..<50 {
            try big.register([job("job-\(index)", seed: index)])
            let claim = try #require(try big.claim("job-\(index)").claim)
            let rows = (1...200).flatMap { epoch in
                (0..<10).map {
                    MetricValue("metric_\($0)", epoch: epoch, step: epoch, value: Double(epoch))
                }
            }
            try big.finish(claim, JobCompletion(.finished), measurements: rows)
        }
        let store = try store(seeds: 1_000..<1_001, accuracy: 1)
        let start = ContinuousClock.now
        let summary = try store.merge(big.path)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        #expect(summary.newAttempts == 50)
        #expect(seconds < 10, "took \(seconds) s")
    }
}

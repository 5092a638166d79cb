import Foundation
import Records
import Synchronization
import Testing

@Suite("Claims")
struct ClaimTests {
    @Test("A living runner keeps its job, whoever asks")
    func held() throws {
        let path = try temporaryStorePath()
        let mine = try Store.open(path: path)
        try mine.register([job("a")])
        #expect(try mine.claim("a").claim?.number == 1)
        let other = try Store.open(path: path, runner: remoteRunner())
        #expect(try mine.claim("a") == .held(.current()))
        #expect(try mine.states() == ["a": .running])
        #expect(try other.claim("a") == .held(.current()))
    }

    @Test("A dead runner's job is taken over; its measurements become those of its checkpoint")
    func dead() throws {
        let path = try temporaryStorePath()
        let gone = try Store.open(path: path, runner: deadRunner())
        try gone.register([job("a")])
        let lost = try #require(try gone.claim("a").claim)
        try gone.describe(lost, as: AttemptEnvironment(threads: 2, machine: nil, codeVersion: nil))
        let values = [5.0, 9, 7].enumerated().map { index, value in
            MetricValue("test_accuracy", epoch: index + 1, step: (index + 1) * 10, value: value)
        }
        try gone.record(values, for: lost)

        let next = try Store.open(path: path)
        #expect(try next.states() == ["a": .interrupted])
        let claim = try #require(try next.claim("a").claim)
        #expect(try next.measurements(of: "a") == values)
        try next.restore([values[0]], for: claim)
        #expect(claim.isContinued && claim.number == 1 && claim.interruptedThreads == 2)
        #expect(try next.measurements(of: "a") == [values[0]])
        let summary = try #require(try next.jobs().first?.metrics["test_accuracy"])
        #expect(summary.last == 5 && summary.best == 5 && summary.lastEpoch == 1)
        #expect(throws: StoreError.claimLost(job: "a")) { try gone.record(values, for: lost) }
        #expect(throws: StoreError.claimLost(job: "a")) {
            try gone.finish(lost, JobCompletion(.finished))
        }
    }

    @Test("A runner elsewhere keeps its job until its lease has run out")
    func lease() throws {
        let path = try temporaryStorePath()
        let start = Date(timeIntervalSince1970: 1_000_000)
        let there = try Store.open(path: path, runner: remoteRunner(), now: { start })
        try there.register([job("a")])
        _ = try there.claim("a")
        let early = try Store.open(path: path, now: { start.addingTimeInterval(89) })
        #expect(try early.claim("a") == .held(remoteRunner()))
        let late = try Store.open(path: path, now: { start.addingTimeInterval(91) })
        #expect(try late.claim("a").claim?.isContinued == true)
    }

    @Test("A lease from the future lasts as long as any other from when it is first met")
    func futureLease() throws {
        let path = try temporaryStorePath()
        let start = Date(timeIntervalSince1970: 1_000_000)
        let ahead = try Store.open(
            path: path, runner: remoteRunner(), now: { start.addingTimeInterval(7_200) })
        try ahead.register([job("a"), job("b", seed: 1)])
        _ = try ahead.claim("a")
        func claim(_ job: String, after seconds: Double) throws -> ClaimAnswer {
            try Store.open(path: path, now: { start.addingTimeInterval(seconds) }).claim(job)
        }
        #expect(try claim("a", after: 0) == .held(remoteRunner()))
        // It lives, and its clock is still two hours ahead.
        try ahead.renewLease()
        #expect(try claim("a", after: 80) == .held(remoteRunner()))
        #expect(try claim("a", after: 160) == .held(remoteRunner()))
        // It is gone: 90 seconds after it was last met its job is free.
        #expect(try claim("a", after: 171).claim?.isContinued == true)
    }

    /// Every look at the clock finds it an hour earlier than the last one.
    @Test("A clock that steps back neither loses a job nor gives it to another runner")
    func clockStepsBack() throws {
        let path = try temporaryStorePath()
        let looks = Mutex(0.0)
        let store = try Store.open(path: path) {
            Date(
                timeIntervalSince1970: looks.withLock {
                    $0 += 1
                    return 1e9 - 3_600 * $0
                })
        }
        try store.register([job("a"), job("b", seed: 1)])
        let claim = try #require(try store.claim("a").claim)
        let other = try Store.open(
            path: path, runner: remoteRunner(), now: { Date(timeIntervalSince1970: 5e8) })
        #expect(try other.claim("a") == .held(.current()))
        let values = (1...3).map {
            MetricValue("test_accuracy", epoch: $0, step: $0, value: Double($0))
        }
        for value in values { try store.record([value], for: claim) }
        try store.finish(claim, JobCompletion(.finished))
        #expect(try other.claim("a") == .done(.finished))
        #expect(try store.measurements(of: "a") == values)
        #expect(try store.damage() == [])
        #expect(try other.claim("b").claim?.number == 1)
    }

    @Test("A released job is taken up again; a result is kept; a failure is tried again")
    func again() throws {
        let store = try Store.open(path: try temporaryStorePath())
        try store.register([job("a"), job("b"), job("c")])
        let first = try #require(try store.claim("a").claim)
        try store.record([MetricValue("loss", epoch: 1, step: 1, value: 1)], for: first)
        try store.release(first)
        #expect(try store.states()["a"] == .interrupted)
        let second = try #require(try store.claim("a").claim)
        #expect(second.attempt == first.attempt)
        try store.restore([], for: second)
        #expect(try store.measurements(of: "a") == [])
        try store.finish(second, JobCompletion(.diverged(message: nil)))
        #expect(try store.claim("a") == .done(.diverged))

        let failing = try #require(try store.claim("b").claim)
        try store.finish(failing, JobCompletion(.failed(message: "out of memory")))
        #expect(try store.claim("b").claim?.number == 2)
    }

    @Test("Fresh supersedes the result and keeps it")
    func fresh() throws {
        let store = try Store.open(path: try temporaryStorePath())
        try store.finish(job("a"), accuracy: 50)
        #expect(try store.claim("a") == .done(.finished))
        let claim = try #require(try store.claim("a", fresh: true).claim)
        #expect(claim.number == 2 && !claim.isContinued)
        try store.finish(
            claim, JobCompletion(.finished),
            measurements: [MetricValue("test_accuracy", epoch: 1, step: 10, value: 60)])
        let rows = try rows("SELECT state, last FROM results ORDER BY last", store.path)
        #expect(rows == [["superseded", "1.0"], ["superseded", "50.0"], ["finished", "60.0"]])
        #expect(try store.jobs().first?.metrics["test_accuracy"]?.last == 60)
    }

    @Test("A job that was never registered cannot be claimed")
    func unknown() throws {
        let store = try Store.open(path: try temporaryStorePath())
        #expect(throws: StoreError.unknownJob("x")) { try store.claim("x") }
    }

    @Test("A finished job cannot be finished again, nor written to")
    func twice() throws {
        let store = try Store.open(path: try temporaryStorePath())
        try store.register([job("a")])
        let claim = try #require(try store.claim("a").claim)
        try store.finish(claim, JobCompletion(.finished, weightsDigest: "d", imagesPerSecond: 9))
        #expect(throws: StoreError.claimLost(job: "a")) {
            try store.finish(claim, JobCompletion(.failed(message: "no")))
        }
        #expect(throws: StoreError.claimLost(job: "a")) { try store.release(claim) }
        let attempt = try #require(try store.jobs().first?.attempt)
        #expect(attempt.weightsDigest == "d" && attempt.imagesPerSecond == 9)
    }
}

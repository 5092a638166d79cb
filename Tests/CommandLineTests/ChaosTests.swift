import Foundation
import Records
import Testing

/// The short form runs always; the long form with
/// `GC_BENCH_CHAOS_LOG=FILE swift test -c release --filter ChaosTests`.
@Suite("Chaos", .serialized)
struct ChaosTests {
    private static let logPath = ProcessInfo.processInfo.environment["GC_BENCH_CHAOS_LOG"]

    @Test("Fifty kills of workers and runner change nothing but the time it takes")
    func short() throws { _ = try check(Chaos(seedCount: 5, workerCount: 4, killCount: 50)) }

    @Test(
        "A thousand kills over two hundred jobs change nothing either", .enabled(if: logPath != nil)
    )
    func long() throws {
        let chaos = Chaos(seedCount: 100, workerCount: 4, killCount: 1_000)
        let kills = try check(chaos)
        let head = """
            \(chaos.jobCount) jobs, \(chaos.workerCount) workers; \(kills.count) kills (SIGKILL): \
            \(kills.workers) of workers, \(kills.runners) of the runner.
            Results: \(chaos.jobCount), each from its first attempt; measurements and weights bit \
            for bit, and the report byte for byte, those of an undisturbed run; the store checks \
            sound; no checkpoint is left over.


            """
        let text = head + kills.log.joined(separator: "\n") + "\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: try #require(Self.logPath)))
    }

    private func check(_ chaos: Chaos) throws -> Chaos.Kills {
        let expected = try chaos.undisturbed()
        let (outcome, kills) = try chaos.disturbed()
        #expect(kills.count >= chaos.killCount)
        #expect(kills.runners > 0)
        #expect(outcome.states.count == chaos.jobCount)
        #expect(outcome.states.values.allSatisfy { $0 == .finished })
        #expect(outcome.attempts.values.allSatisfy { $0 == 1 })
        #expect(outcome.digests == expected.digests)
        #expect(outcome.rows == expected.rows)
        #expect(outcome.report == expected.report)
        #expect(outcome.leftovers == [])
        #expect(outcome.check == 0)
        return kills
    }
}

import Checkpoints
import Foundation
import Records
import Scheduling
import Testing

/// What becomes of jobs whose workers crash, refuse, diverge or stop.
@Suite("A sweep")
struct SweepTests {
    @Test("A worker that dies is started again, each time later, and then its job has failed")
    func crashes() async throws {
        let sweep = try StubSweep(
            seeds: 1, script: #"started 0; echo "out of luck" >&2; kill -9 $$"#)
        defer { sweep.remove() }
        let (summary, log) = try await sweep.run(retries: 2)
        #expect(sweep.launches(seed: 0) == 3)
        #expect(summary[.failed] == 1)
        #expect(log.prefix(3) == ["started 0", "crashed 0: 0.25", "crashed 0: 0.5"])
        let message = try #require(try sweep.store.jobs().first?.attempt?.message)
        #expect(
            message.contains("out of luck") && message.hasSuffix("(3 times in a row)"), "\(message)"
        )
        #expect(log.last == "failed 0: \(message)")
    }

    @Test("A worker that gets further before it dies again is not given up")
    func progress() async throws {
        let sweep = try StubSweep(
            seeds: 1,
            script: "started $launch; [ $launch -lt 5 ] && kill -9 $$; finished")
        defer { sweep.remove() }
        let (summary, log) = try await sweep.run(retries: 1)
        #expect(sweep.launches(seed: 0) == 5 && summary[.finished] == 1)
        #expect(log.count { $0 == "crashed 0: 0.25" } == 4, "\(log)")
    }

    @Test("A worker that has said how it ended may die as it likes")
    func lastWord() async throws {
        let sweep = try StubSweep(seeds: 1, script: "started 0; finished; kill -9 $$")
        defer { sweep.remove() }
        #expect(try await sweep.run().log == ["started 0", "ended 0: finished"])
    }

    @Test("What cannot be done is not tried again; the others go on, or not with fail-fast")
    func refusals() async throws {
        let script = #"[ $seed = 0 ] && refused "no such data" || finished"#
        let patient = try StubSweep(seeds: 3, script: script)
        defer { patient.remove() }
        let (summary, log) = try await patient.run()
        #expect(patient.launches(seed: 0) == 1)
        #expect(log.contains("failed 0: no such data"))
        #expect(summary[.failed] == 1 && summary[.finished] == 2 && summary.stopReason == nil)

        let hasty = try StubSweep(seeds: 3, script: script)
        defer { hasty.remove() }
        let fast = try await hasty.run(failsFast: true).summary
        #expect(fast[.failed] == 1 && fast[.notStarted] == 2 && fast.stopReason == .jobFailed)
        #expect(hasty.launches(seed: 1) + hasty.launches(seed: 2) == 0)
    }

    @Test("A job that diverged has a result and is not trained again; one that failed is")
    func again() async throws {
        let sweep = try StubSweep(
            seeds: 2, script: #"[ $seed = 0 ] && diverged || refused "no""#)
        defer { sweep.remove() }
        #expect(try await sweep.run().log.contains("ended 0: diverged"))
        let (summary, log) = try await sweep.run()
        #expect(log.contains("done before 0") && log.contains("failed 1: no"), "\(log)")
        #expect(summary[.diverged] == 1 && summary[.failed] == 1)
        #expect(sweep.launches(seed: 0) == 1 && sweep.launches(seed: 1) == 2)
    }

    @Test("A job that stopped behind a checkpoint is given back, and the rest is not started")
    func stops() async throws {
        let stop = StopSignal()
        let sweep = try StubSweep(
            seeds: 2, script: "started 0; read -r line; paused 7")
        defer { sweep.remove() }
        let raising = Task {
            while sweep.launches(seed: 0) == 0 { try await Task.sleep(for: .milliseconds(10)) }
            stop.raise(.interrupted)
        }
        let (summary, log) = try await sweep.run(stop: stop)
        try await raising.value
        #expect(log == ["started 0", "stopped 0: 7"])
        #expect(summary[.stopped] == 1 && summary[.notStarted] == 1)
        #expect(summary.stopReason == .interrupted)
        #expect(try sweep.store.states()[sweep.jobs[0].job.id] == .interrupted)
    }

    @Test("Checkpoints go when their job is done, then or at the next run")
    func checkpoints() async throws {
        let sweep = try StubSweep(seeds: 1, script: "started 0; finished")
        defer { sweep.remove() }
        let folder = sweep.files.checkpoints(of: sweep.jobs[0].job.id).path
        for _ in 0..<2 {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: folder + "/first.safetensors"))
            _ = try await sweep.run()
            #expect(!FileManager.default.fileExists(atPath: folder))
        }
        #expect(sweep.launches(seed: 0) == 1)
    }

    @Test("An attempt that was interrupted goes on with its threads, whatever the next run has")
    func threads() async throws {
        let sweep = try StubSweep(
            seeds: 1, script: "started 0; [ $launch = 1 ] && paused 3 || finished")
        defer { sweep.remove() }
        #expect(try await sweep.run(threads: 3).summary[.stopped] == 1)
        #expect(try await sweep.run(threads: 1).summary[.finished] == 1)
        let requests = try String(
            contentsOf: sweep.folder.appendingPathComponent("launches-0"), encoding: .utf8)
        let lines = requests.split(separator: "\n")
        #expect(lines.count == 2 && lines.allSatisfy { $0.contains(#""threads":3"#) })
        #expect(try sweep.store.jobs().first?.attempt?.environment.threads == 3)
    }
}

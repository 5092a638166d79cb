import Foundation
import Testing

/// Runs that are asked to stop.
extension RobustnessTests {
    @Test("The first Ctrl-C stops behind a checkpoint, and the next run goes on from there")
    func interruptedOnce() throws {
        let folder = try folder()
        let running = try Program.start(["run", "a.spec", "--jobs", "1"], in: folder.url)
        wait(for: "epoch 1", in: running)
        kill(running.process.processIdentifier, SIGINT)
        let answer = running.finish()
        #expect(answer.code == 130)
        #expect(answer.error.contains("with a checkpoint"), "\(answer.error)")
        let next = try Program.run(["run", "a.spec"], in: folder.url)
        #expect(next.code == 0)
        #expect(next.error.contains("goes on from step"), "\(next.error)")
        #expect(try digests(in: folder) == undisturbed())
    }

    /// As `timeout` and batch systems do.
    @Test("SIGTERM to the runner and its workers alike stops behind a checkpoint")
    func terminatedTogether() throws {
        let folder = try folder()
        let running = try Program.start(["run", "a.spec", "--jobs", "1"], in: folder.url)
        wait(for: "epoch 1", in: running)
        let runner = running.process.processIdentifier
        for process in Program.workers(of: runner) + [runner] { kill(process, SIGTERM) }
        let answer = running.finish()
        #expect(answer.code == 130)
        #expect(answer.error.contains("with a checkpoint"), "\(answer.error)")
        #expect(!answer.error.contains("trying again"), "\(answer.error)")
        #expect(try Program.run(["run", "a.spec", "--quiet"], in: folder.url).code == 0)
        #expect(try digests(in: folder) == undisturbed())
    }

    /// Workers that stand still reach no checkpoint, so that the first signal alone ends nothing.
    @Test("Ctrl-C twice ends at once, and the next run completes")
    func interruptedTwice() throws {
        let folder = try folder()
        let running = try Program.start(["run", "a.spec", "--jobs", "2"], in: folder.url)
        wait(for: "epoch 1", in: running)
        let runner = running.process.processIdentifier
        let workers = Program.workers(of: runner)
        for worker in workers { kill(worker, SIGSTOP) }
        kill(runner, SIGINT)
        usleep(500_000)
        #expect(!workers.isEmpty && running.process.isRunning)
        kill(runner, SIGTERM)
        let answer = running.finish()
        #expect(answer.code == 130, "\(answer.error)")
        #expect(workers.allSatisfy { kill($0, 0) != 0 }, "a worker outlived its runner")
        #expect(try Program.run(["run", "a.spec", "--quiet"], in: folder.url).code == 0)
        #expect(try digests(in: folder) == undisturbed())
    }

    @Test("A budget stops the sweep behind checkpoints with 130; run again, it completes")
    func budget() throws {
        let folder = try folder()
        let answer = try Program.run(
            ["run", "a.spec", "--jobs", "1", "--budget", "1s"], in: folder.url)
        #expect(answer.code == 130)
        #expect(answer.error.contains("the budget is spent"), "\(answer.error)")
        #expect(try Program.run(["run", "a.spec", "--quiet"], in: folder.url).code == 0)
        #expect(try digests(in: folder) == undisturbed())
    }
}

import Foundation
import Testing

/// Whole runs: from a spec to rows and a table.
@Suite("Runs", .serialized)
struct RunTests {
    /// Two arms of two seeds, seconds in all.
    private static let spec = """
        table: tiny
        dataset: {name: shapes, train: 256, test: 64}
        backbone: resnet8
        optimizer: {name: sgd, learning_rate: 0.05, momentum: 0.9, weight_decay: 5e-4}
        gc: [none, gc]
        epochs: 2
        batch_size: 32
        threads: 1
        seeds: 2
        """

    private func csv(in folder: Program.Folder) throws -> String {
        let answer = try Program.run(["report", "--format", "csv"], in: folder.url)
        #expect(answer.code == 0, "\(answer.error)")
        return answer.output
    }

    @Test("A sweep ends in a table, and running it again runs nothing")
    func sweep() throws {
        let folder = try Program.Folder()
        let spec = try folder.write(Self.spec, to: "tiny.spec")
        let first = try Program.run(["run", spec], in: folder.url)
        #expect(first.code == 0, "\(first.error)")
        #expect(first.error.contains("4 finished"), "\(first.error)")
        let table = try Program.run(["report"], in: folder.url)
        #expect(table.code == 0)
        #expect(table.output.contains("| none |") && table.output.contains("| gc   |"))
        #expect(table.output.contains("±"))
        let again = try Program.run(["run", spec], in: folder.url)
        #expect(again.error.contains("4 done before"), "\(again.error)")
        let same = try Program.run(["report"], in: folder.url)
        #expect(same.output == table.output)
    }

    @Test("Jobs side by side and one after the other give the same numbers")
    func parallelJobs() throws {
        let tables = try ["1", "2"].map { count in
            let folder = try Program.Folder()
            let spec = try folder.write(Self.spec, to: "tiny.spec")
            let answer = try Program.run(["run", spec, "--jobs", count, "--quiet"], in: folder.url)
            #expect(answer.code == 0, "\(answer.error)")
            return try csv(in: folder)
        }
        #expect(tables[0] == tables[1])
    }

    @Test("Killing the runner loses and repeats no finished job, and no worker outlives it")
    func killed() throws {
        let folder = try Program.Folder()
        let spec = try folder.write(Self.spec, to: "tiny.spec")
        let running = try Program.start(["run", spec, "--jobs", "1"], in: folder.url)
        let deadline = Date(timeIntervalSinceNow: 60)
        while !running.errorSoFar.contains("[1/4]"), Date() < deadline { usleep(20_000) }
        kill(running.process.processIdentifier, SIGKILL)
        _ = running.finish()
        let second = try Program.run(["run", spec], in: folder.url)
        #expect(second.code == 0, "\(second.error)")
        #expect(second.error.contains("done before"), "\(second.error)")
        let undisturbed = try Program.Folder()
        let clean = try undisturbed.write(Self.spec, to: "tiny.spec")
        #expect(try Program.run(["run", clean, "--quiet"], in: undisturbed.url).code == 0)
        #expect(try csv(in: folder) == csv(in: undisturbed))
    }

    @Test("Ctrl-C stops cleanly with 130, and the next run goes on")
    func interrupted() throws {
        let folder = try Program.Folder()
        let spec = try folder.write(Self.spec, to: "tiny.spec")
        let running = try Program.start(["run", spec, "--jobs", "1"], in: folder.url)
        let deadline = Date(timeIntervalSinceNow: 60)
        while !running.errorSoFar.contains("started"), Date() < deadline { usleep(20_000) }
        kill(running.process.processIdentifier, SIGINT)
        let answer = running.finish()
        #expect(answer.code == 130, "\(answer.error)")
        #expect(try Program.run(["run", spec, "--quiet"], in: folder.url).code == 0)
        #expect(try csv(in: folder).contains("tiny"))
    }

    @Test("A diverged job is a result: the run goes on and exits 0")
    func diverged() throws {
        let folder = try Program.Folder()
        let spec = try folder.write(Self.spec, to: "tiny.spec")
        let answer = try Program.run(
            ["run", spec, "--set", "optimizer.learning_rate=1e30", "--seeds", "0"],
            in: folder.url)
        #expect(answer.code == 0, "\(answer.error)")
        #expect(answer.error.contains("2 diverged"), "\(answer.error)")
        #expect(try Program.run(["report"], in: folder.url).output.contains("diverged"))
    }

    @Test("Smoke runs the real network in seconds and marks what it records")
    func smoke() throws {
        let folder = try Program.Folder()
        let spec = Program.root.appendingPathComponent("experiments/cifar10_resnet18.spec").path
        let answer = try Program.run(["run", spec, "--smoke"], in: folder.url)
        #expect(answer.code == 0, "\(answer.error)")
        let report = try Program.run(["report"], in: folder.url)
        #expect(report.output.lowercased().contains("smoke"))
        let json = try Program.run(["report", "--format", "json"], in: folder.url)
        #expect(json.output.contains("\"smoke\""))
    }
}

import Foundation
import Records
import Testing

/// What happens to programs that run for days.
@Suite("Robustness", .serialized)
struct RobustnessTests {
    /// Four jobs of some seconds together.
    private static let spec = """
        table: tough
        dataset: {name: shapes, train: 256, test: 64}
        backbone: resnet8
        optimizer: {name: sgd, learning_rate: 0.05, momentum: 0.9, weight_decay: 5e-4}
        gc: [none, gc]
        epochs: 3
        batch_size: 16
        threads: 1
        seeds: 2
        """

    private static let trivial = """
        table: trivial
        dataset: {name: shapes, train: 16, test: 16}
        backbone: resnet8
        optimizer: {name: sgd, learning_rate: 0.05}
        epochs: 1
        batch_size: 16
        threads: 1
        seeds: 100
        """

    func folder(_ spec: String = spec) throws -> Program.Folder {
        let folder = try Program.Folder()
        _ = try folder.write(spec, to: "a.spec")
        return folder
    }

    func store(in folder: Program.Folder) throws -> Store {
        try Store.openReadOnly(
            path: folder.url.appendingPathComponent("Results/gc-bench.sqlite").path)
    }

    /// The digests of all final weights.
    func digests(in folder: Program.Folder) throws -> [String: String?] {
        let store = try store(in: folder)
        #expect(try store.damage() == [])
        return Dictionary(
            uniqueKeysWithValues: try store.jobs().map { ($0.job.id, $0.attempt?.weightsDigest) })
    }

    /// What every test ends with; trained once for all of them.
    func undisturbed() throws -> [String: String?] { try Self.expected.get() }

    private static let expected = Result {
        let suite = RobustnessTests()
        let folder = try suite.folder()
        #expect(try Program.run(["run", "a.spec", "--quiet"], in: folder.url).code == 0)
        return try suite.digests(in: folder)
    }

    func wait(for text: String, times: Int = 1, in running: Program.Running) {
        let start = ContinuousClock.now
        while running.errorSoFar.components(separatedBy: text).count <= times,
            running.process.isRunning, ContinuousClock.now - start < .seconds(60)
        { usleep(10_000) }
    }

    @Test("A hundred trivial jobs in twenty workers are a hundred successes, each logged once")
    func many() throws {
        let folder = try folder(Self.trivial)
        let answer = try Program.run(["run", "a.spec", "--jobs", "20"], in: folder.url)
        #expect(answer.code == 0, "\(answer.error)")
        #expect(answer.error.contains("100 finished"))
        let ends = answer.error.split(separator: "\n").filter { $0.hasPrefix("[") }
        #expect(ends.count == 100 && Set(ends).count == 100)
        let jobs = try store(in: folder).jobs()
        #expect(jobs.count == 100 && jobs.allSatisfy { $0.state == .finished })
    }

    @Test("Two runners on one store share its jobs, and each job is trained once")
    func twoRunners() throws {
        let folder = try folder()
        let runners = try (0..<2).map { _ in
            try Program.start(["run", "a.spec", "--jobs", "1"], in: folder.url)
        }
        let answers = runners.map { $0.finish() }
        #expect(answers.allSatisfy { $0.code == 0 }, "\(answers.map(\.error))")
        let finished = answers.map { answer in
            answer.error.split(separator: "\n").count {
                $0.hasPrefix("[") && $0.contains("images/s")
            }
        }
        #expect(finished.reduce(0, +) == 4)
        // Both sweeps may have ended while the other still trained; a third finds all done.
        #expect(try Program.run(["run", "a.spec"], in: folder.url).error.contains("4 done before"))
        #expect(try store(in: folder).jobs().allSatisfy { $0.attempt?.number == 1 })
        #expect(try digests(in: folder) == undisturbed())
    }

    @Test("A runner that is stopped and continued, with its workers, goes on")
    func stopped() throws {
        let folder = try folder()
        let running = try Program.start(["run", "a.spec", "--jobs", "2"], in: folder.url)
        wait(for: "epoch 1", in: running)
        let runner = running.process.processIdentifier
        let group = [runner] + Program.workers(of: runner)
        #expect(group.count > 1)
        for _ in 0..<3 {
            for process in group { kill(process, SIGSTOP) }
            usleep(300_000)
            for process in group { kill(process, SIGCONT) }
            usleep(100_000)
        }
        let answer = running.finish()
        #expect(answer.code == 0, "\(answer.error)")
        #expect(try digests(in: folder) == undisturbed())
    }

    /// The clock of calendar and files alone steps back, as when a machine's clock is set; each
    /// look at it by runner and workers reads the file anew.
    @Test(
        "A clock that steps back two hours in the middle changes no result and breaks no lease",
        .enabled(if: clockLibrary != nil, "libfaketime is not installed"))
    func clockStepsBack() throws {
        let folder = try folder()
        _ = try folder.write("+0s", to: "clock")
        // Through a shell: a Swift program into which the library is loaded first has no arguments.
        let running = try Program.startShell(
            "exec \(Program.executable.path) run a.spec --jobs 1", in: folder.url,
            environment: [
                "LD_PRELOAD": try #require(Self.clockLibrary),
                "FAKETIME_TIMESTAMP_FILE": folder.url.appendingPathComponent("clock").path,
                "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1",
            ])
        wait(for: "epoch 2", in: running)
        _ = try folder.write("-7200s", to: "clock")
        wait(for: "epoch 2, test accuracy", times: 2, in: running)
        // To another runner, by whose clock the first one has shown no life for two hours.
        let other = try Program.run(["run", "a.spec", "--jobs", "4", "--json"], in: folder.url)
        let answer = running.finish()
        #expect(answer.code == 0 && other.code == 0, "\(answer.error)\(other.error)")
        #expect(other.output.contains("\"ending\" : \"run elsewhere\""), "\(other.output)")
        let jobs = try store(in: folder).jobs()
        let times = jobs.compactMap { job in
            (job.attempt?.finished).map { (job.attempt?.started ?? "") > $0 }
        }
        #expect(times.contains(true), "the clock of the run did not step back: \(answer.error)")
        #expect(jobs.count == 4 && jobs.allSatisfy { $0.attempt?.number == 1 })
        for job in jobs {
            let rows = try store(in: folder).measurements(of: job.job.id)
            #expect(rows.filter { $0.metric == "test_accuracy" }.map(\.epoch) == [1, 2, 3])
        }
        #expect(try digests(in: folder) == undisturbed())
    }

    private static let clockLibrary = ["x86_64", "aarch64"].lazy
        .map { "/usr/lib/\($0)-linux-gnu/faketime/libfaketimeMT.so.1" }
        .first { FileManager.default.fileExists(atPath: $0) }

    @Test("Verify trains again and finds the same bits; a changed digest is found")
    func verify() throws {
        let folder = try folder()
        #expect(
            try Program.run(["run", "a.spec", "--quiet", "--keep-weights"], in: folder.url).code
                == 0)
        let job = try #require(try store(in: folder).jobs().first)
        let same = try Program.run(["verify", String(job.job.id.prefix(8))], in: folder.url)
        #expect(same.code == 0 && same.output.contains("the same bits"), "\(same.error)")
        let exported = try Program.run(
            ["export", job.job.id, "--output", "w.safetensors"], in: folder.url)
        #expect(exported.code == 0, "\(exported.error)")
        #expect(
            FileManager.default.fileExists(
                atPath: folder.url.appendingPathComponent("w.safetensors").path))
        let damaged = folder.url.appendingPathComponent(
            "Results/gc-bench.sqlite.weights/\(job.job.id).safetensors")
        var bytes = try Data(contentsOf: damaged)
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: damaged)
        #expect(try Program.run(["check"], in: folder.url).code == 2)
        #expect(
            try Program.run(["export", job.job.id, "--output", "v.safetensors"], in: folder.url)
                .code == 2)
    }

    @Test("Status says where jobs are while they run, and --json is one document")
    func status() throws {
        let folder = try folder()
        let running = try Program.start(["run", "a.spec", "--jobs", "1"], in: folder.url)
        wait(for: "epoch 2", in: running)
        let status = try Program.run(["status", "--json"], in: folder.url)
        #expect(status.code == 0, "\(status.error)")
        let document = try JSONSerialization.jsonObject(with: Data(status.output.utf8))
        let states = (document as? [String: Any])?["states"] as? [String: Int]
        #expect(states?["running"] == 1 || states?["finished"] ?? 0 > 0, "\(status.output)")
        let followed = try Program.run(["status", "--follow"], in: folder.url)
        #expect(followed.code == 0)
        #expect(running.finish().code == 0)
        #expect(try Program.run(["status"], in: folder.url).output.contains("4 finished"))
    }

    @Test("A precision that the device lacks is refused before anything runs")
    func precision() throws {
        let folder = try folder()
        let answer = try Program.run(
            ["run", "a.spec", "--set", "precision=float64", "--device", "cpu"], in: folder.url)
        #expect(answer.code == 2, "\(answer.error)")
        #expect(answer.error.contains("float64"), "\(answer.error)")
        let cuda = try Program.run(["run", "a.spec", "--device", "cuda:0"], in: folder.url)
        #expect(
            cuda.code == 2 && cuda.error.contains("--device cpu computes on the processor"),
            "\(cuda.error)")
        #expect(
            !FileManager.default.fileExists(
                atPath: folder.url.appendingPathComponent("Results").path))
    }

    @Test("A plan explains itself, and run --json says how each job ended")
    func explain() throws {
        let folder = try folder()
        let run = try Program.run(
            ["run", "a.spec", "--json", "--seeds", "0", "--quiet"], in: folder.url)
        #expect(run.code == 0)
        let document = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
        let jobs = (document as? [String: Any])?["jobs"] as? [[String: Any]]
        #expect(
            jobs?.count == 2 && jobs?.allSatisfy { $0["ending"] as? String == "finished" } == true)
        let plan = try Program.run(["plan", "a.spec", "--explain"], in: folder.url)
        #expect(plan.output.contains("done: finished"), "\(plan.output)")
        #expect(plan.output.contains("differs from"), "\(plan.output)")
        #expect(plan.output.contains("seed (1 here, 0 there)"), "\(plan.output)")
    }
}

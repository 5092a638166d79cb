import Foundation
import Records

/// Runs a sweep while killing its worker processes and its runner at random instants.
struct Chaos {
    let seedCount: Int
    let workerCount: Int
    let killCount: Int

    /// Two arms of that many seeds; a job is a few tenths of a second.
    private var spec: String {
        """
        table: chaos
        dataset: {name: shapes, train: 64, test: 16}
        backbone: resnet8
        optimizer: {name: sgd, learning_rate: 0.05, momentum: 0.9, weight_decay: 5e-4}
        gc: [none, gc]
        epochs: 3
        batch_size: 16
        threads: 1
        seeds: \(seedCount)
        """
    }

    var jobCount: Int { 2 * seedCount }

    /// What came of a run, without anything that is a matter of time.
    struct Outcome: Equatable {
        let report: String
        /// By job.
        let states: [String: JobState]
        let attempts: [String: Int?]
        let digests: [String: String?]
        /// By job: metric, epoch, step and, unless it is a rate, the bits of the value.
        let rows: [String: [String]]
        let leftovers: [String]
        let check: Int32
    }

    struct Kills {
        var workers = 0
        var runners = 0
        var log: [String] = []
        var count: Int { workers + runners }
    }

    func undisturbed() throws -> Outcome {
        let folder = try makeFolder()
        let answer = try Program.run(arguments, in: folder.url)
        guard answer.code == 0 else { throw Failure(text: answer.error) }
        return try outcome(in: folder)
    }

    /// Goes on until every job has a result, and at least the wanted number of kills was done.
    func disturbed() throws -> (Outcome, Kills) {
        let folder = try makeFolder()
        var kills = Kills()
        var running = try Program.start(arguments, in: folder.url)
        let start = ContinuousClock.now
        while true {
            usleep(.random(in: 0...60_000))
            if !running.process.isRunning {
                let answer = running.finish()
                if answer.code == 0 { break }
                guard answer.code == SIGKILL else {
                    throw Failure(text: "exit code \(answer.code): \(answer.error)")
                }
                running = try Program.start(arguments, in: folder.url)
                continue
            }
            guard kills.count < allowedKills(done: doneCount(in: folder)) else { continue }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            kill(oneOf: running, &kills, at: seconds)
        }
        return (try outcome(in: folder), kills)
    }

    private struct Failure: Error, CustomStringConvertible {
        let text: String

        var description: String { "the runner failed: \(text)" }
    }

    private var arguments: [String] {
        [
            "run", "chaos.spec", "--jobs", "\(workerCount)", "--checkpoint-every", "0.05",
            "--retries", "1000", "--quiet",
        ]
    }

    private func makeFolder() throws -> Program.Folder {
        let folder = try Program.Folder()
        _ = try folder.write(spec, to: "chaos.spec")
        return folder
    }

    // MARK: - Killing

    /// Kills keep pace with results, so that, however slow the machine, jobs get somewhere between
    /// them, and kills are not all spent on the first.
    private func allowedKills(done: Int) -> Int {
        min(killCount, killCount * (done + workerCount) / jobCount)
    }

    private func kill(oneOf running: Program.Running, _ kills: inout Kills, at seconds: Double) {
        let runner = running.process.processIdentifier
        // One in eight kills is for the runner, whatever it is at; the others need a worker.
        let victim = Int.random(in: 0..<8) == 0 ? nil : Program.workers(of: runner).randomElement()
        if victim == nil, kills.runners * 7 > kills.workers { return }
        guard Foundation.kill(victim ?? runner, SIGKILL) == 0 else { return }
        if victim == nil { kills.runners += 1 } else { kills.workers += 1 }
        let kind = victim == nil ? "runner" : "worker"
        kills.log.append("\(String(format: "%8.3f", seconds)) s  \(kind) \(victim ?? runner)")
    }

    private func doneCount(in folder: Program.Folder)
        -> Int
    {
        let store = try? Store.openReadOnly(path: storePath(in: folder))
        return (try? store?.states().values.count(where: \.isDone)) ?? 0
    }

    // MARK: - Looking

    private func storePath(in folder: Program.Folder) -> String {
        folder.url.appendingPathComponent("Results/gc-bench.sqlite").path
    }

    private func outcome(in folder: Program.Folder) throws -> Outcome {
        let store = try Store.openReadOnly(path: storePath(in: folder))
        let records = try store.jobs()
        func byJob<Value>(_ value: (JobRecord) throws -> Value) rethrows -> [String: Value] {
            try Dictionary(uniqueKeysWithValues: records.map { ($0.job.id, try value($0)) })
        }
        let checkpoints = storePath(in: folder) + ".checkpoints"
        return Outcome(
            report: try Program.run(["report"], in: folder.url).output,
            states: byJob(\.state), attempts: byJob { $0.attempt?.number },
            digests: byJob { $0.attempt?.weightsDigest },
            rows: try byJob { try store.measurements(of: $0.job.id).map(Self.text) },
            leftovers: (try? FileManager.default.contentsOfDirectory(atPath: checkpoints)) ?? [],
            check: try Program.run(["check"], in: folder.url).code)
    }

    private static func text(_ row: MetricValue) -> String {
        let isTimed = ["images_per_second", "data_wait"].contains(row.metric)
        let value = isTimed ? "some" : String(row.value.bitPattern, radix: 16)
        return "\(row.metric) \(row.epoch) \(row.step) \(value)"
    }
}

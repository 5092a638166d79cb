import ArgumentParser
import Foundation
import Records
import Reports
import Scheduling
import Specifications
import SystemPackage
import Training

/// What the runner itself costs, against what it may cost.
struct BenchRunnerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench-runner",
        abstract: "Measure what the runner costs: logging, launching, starting, memory, planning.",
        shouldDisplay: false)

    func run() async throws {
        try await reportingMistakes {
            let folder = FileManager.default.temporaryDirectory
                .appendingPathComponent("gc-bench-cost-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let launch = try await LaunchCost(folder: folder).measure()
            let million = try MillionCost(folder: folder).measure()
            let costs = [
                Cost("metric logged on the training thread, p99", LoggingCost.measure(), "µs", 20),
                Cost("job launch beyond process start, median", launch.milliseconds, "ms", 5),
                Cost("--help, median of 50", try HelpCost.measure(), "ms", 15),
                Cost(
                    "resident memory of the runner, peak after \(launch.jobCount) jobs",
                    Double(launch.peakResidentBytes) / Double(1 << 20), "MiB", 40),
                Cost(
                    "planning 100,000 jobs", try await PlanningCost(folder: folder).measure(), "s",
                    2),
                Cost("merging a million measurements", million.merge, "s", 10),
                Cost("reporting a million measurements", million.report, "s", 2),
            ]
            var table = TextTable([
                .left("cost"), .right("measured"), .right("budget"), .left("unit"), .left(""),
            ])
            for cost in costs { table.add(cost.cells) }
            Console.print(table.text + surroundings)
            if costs.contains(where: { !$0.isWithinBudget }) { throw ExitCode.jobFailed }
        }
    }
}

extension BenchRunnerCommand {
    /// Times on a busy machine are longer; how busy it was stands under them.
    private var surroundings: String {
        let load = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
        let facts = MachineDescription.current().facts
        return """

            \(facts["cpu"] ?? "?"), \(facts["cores"] ?? "?") cores; load averages \
            \(load.split(separator: " ").prefix(3).joined(separator: ", ")); \
            \(CodeVersion.current(GCBench.version))

            """
    }
}

private struct Cost {
    let name: String
    let value: Double
    let unit: String
    let budget: Double

    init(_ name: String, _ value: Double, _ unit: String, _ budget: Double) {
        self.name = name
        self.value = value
        self.unit = unit
        self.budget = budget
    }

    var isWithinBudget: Bool { value <= budget }

    var cells: [String] {
        [
            name, Units.fixed(value, 2), Units.fixed(budget, 0), unit,
            isWithinBudget ? "within" : "OVER",
        ]
    }
}

extension [Double] {
    /// The value below which that share of all lies.
    fileprivate func quantile(_ share: Double) -> Double {
        sorted()[Swift.min(count - 1, Int(share * Double(count)))]
    }
}

/// What one metric costs the thread that trains: handing it to the thread that writes.
private enum LoggingCost {
    static func measure() -> Double {
        guard let sink = FileHandle(forWritingAtPath: "/dev/null") else { return .infinity }
        let writer = ReplyWriter(to: sink)
        let times = (0..<20_000).map { step -> Double in
            let start = ContinuousClock.now
            writer.send(
                .event(
                    .measured([
                        Measurement(
                            epoch: 1, step: step, metric: .trainingLoss, value: Double(step))
                    ])))
            let time = (ContinuousClock.now - start) / .microseconds(1)
            // A step takes a while; without one the queue would only grow.
            if step % 10 == 0 { usleep(200) }
            return time
        }
        writer.flush()
        return times.quantile(0.99)
    }
}

/// What a job costs besides its process: jobs through the whole runner, with a worker that only
/// says that it is done, against starting that worker alone.
private struct LaunchCost {
    let folder: URL
    let jobCount = 60

    struct Result {
        let milliseconds: Double
        let jobCount: Int
        let peakResidentBytes: Int
    }

    func measure() async throws -> Result {
        let worker = try stub()
        let request = WorkerRequest.libraries
        var starts: [Double] = []
        for _ in 0..<jobCount {
            let start = ContinuousClock.now
            try await WorkerProcess(executable: worker, environment: [:]).run(request) { _ in }
            starts.append((ContinuousClock.now - start) / .milliseconds(1))
        }
        let observer = LaunchObserver()
        let store = try Store.open(path: folder.appendingPathComponent("store.sqlite").path)
        let runner = SweepRunner(
            store: store,
            pool: WorkerPool(resources: .current(), limit: 1),
            settings: SweepSettings(
                workerExecutable: worker, automaticThreads: 1, machine: "{}", codeVersion: "bench"),
            stop: StopSignal(), observer: observer)
        let survey = JobSurvey(parameters: 1, multiplyAdds: 1, arenaByteCount: 1)
        let jobs = try PlanningCost(folder: folder).prepared(seeds: jobCount, isGrid: false)
        _ = try await runner.run(jobs.map { ScheduledJob($0, survey, threads: 1) })
        let intervals = await observer.intervals
        try store.close()
        return Result(
            milliseconds: intervals.quantile(0.5) - starts.quantile(0.5), jobCount: jobCount,
            peakResidentBytes: ProcessMemory.peakResidentBytes)
    }

    private func stub() throws -> FilePath {
        let outcome = Training.JobOutcome(
            state: .finished, weightsDigest: "none", imagesPerSecond: 1, seconds: 1,
            peakResidentBytes: 1)
        let reply = try WorkerCoding.line(WorkerReply.event(.ended(outcome)))
        let file = folder.appendingPathComponent("worker.sh")
        try Data("#!/bin/sh\nread request\necho '\(reply)'\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        return FilePath(file.path)
    }
}

/// The times between the ends of jobs that run one after the other.
private actor LaunchObserver: SweepObserver {
    private(set) var intervals: [Double] = []
    private var last: ContinuousClock.Instant?

    func jobEnded(_ job: PreparedJob, _ outcome: Training.JobOutcome) {
        let now = ContinuousClock.now
        if let last { intervals.append((now - last) / .milliseconds(1)) }
        last = now
    }

    func jobWasDone(_ job: PreparedJob) {}
    func jobIsHeld(_ job: PreparedJob, by runner: String) {}
    func jobStarted(_ job: PreparedJob) {}
    func jobIsReady(_ job: PreparedJob, _ start: JobStart) {}
    func jobProgressed(_ job: PreparedJob, _ progress: JobProgress) {}
    func jobMeasured(_ job: PreparedJob, _ measurements: [Training.Measurement]) {}
    func jobNoted(_ job: PreparedJob, _ text: String) {}
    func jobCrashed(_ job: PreparedJob, why: String, retryingIn seconds: Double) {}
    func jobStopped(_ job: PreparedJob, at step: Int?) {}
    func jobFailed(_ job: PreparedJob, why: String) {}
}

private enum HelpCost {
    static func measure() throws -> Double {
        let times = try (0..<50).map { _ -> Double in
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            process.arguments = ["--help"]
            process.standardOutput = FileHandle.nullDevice
            let start = ContinuousClock.now
            try process.run()
            process.waitUntilExit()
            return (ContinuousClock.now - start) / .milliseconds(1)
        }
        return times.quantile(0.5)
    }
}

/// A store of 500 jobs with 10 metrics over 200 epochs, merged into an empty one, and reported.
private struct MillionCost {
    let folder: URL

    func measure() throws -> (merge: Double, report: Double) {
        let big = try Store.open(path: folder.appendingPathComponent("million.sqlite").path)
        let jobs = try PlanningCost(folder: folder).prepared(seeds: 500, isGrid: false)
        try big.register(try jobs.map { try $0.row() })
        for job in jobs {
            guard case .claimed(let claim) = try big.claim(job.id) else { continue }
            try big.finish(claim, JobCompletion(.finished), measurements: measurements)
        }
        let start = ContinuousClock.now
        let store = try Store.open(path: folder.appendingPathComponent("merged.sqlite").path)
        try store.merge(big.path)
        let merged = ContinuousClock.now
        let text = try Report(jobs: try store.jobs(), selection: .measured, storePath: nil)
            .text(.markdown)
        let reported = ContinuousClock.now
        guard !text.isEmpty else { return (.infinity, .infinity) }
        try big.close()
        try store.close()
        return ((merged - start) / .seconds(1), (reported - merged) / .seconds(1))
    }

    private var measurements: [MetricValue] {
        (1...200).flatMap { epoch in
            (0..<10).map {
                MetricValue("metric\($0)_loss", epoch: epoch, step: epoch, value: Double(epoch))
            }
        }
    }
}

/// From the text of a spec to 100,000 planned jobs.
private struct PlanningCost {
    let folder: URL

    func measure() async throws -> Double {
        let start = ContinuousClock.now
        let jobs = try prepared(seeds: 1_000, isGrid: true)
        let surveys = try await Surveyor(workerExecutable: WorkerExecutable.path()).survey(jobs)
        guard jobs.count == 100_000, surveys.count == jobs.count else { return .infinity }
        return (ContinuousClock.now - start) / .seconds(1)
    }

    /// One cell, or a grid of a hundred.
    func prepared(seeds: Int, isGrid: Bool) throws -> [PreparedJob] {
        let rates =
            isGrid ? (1...50).map { "\(Double($0) / 1_000)" }.joined(separator: ", ") : "0.1"
        let text = """
            dataset: {name: shapes, train: 256, test: 64}
            backbone: resnet8
            optimizer: {name: sgd, learning_rate: [\(rates)], momentum: 0.9}
            gc: \(isGrid ? "[none, gc]" : "none")
            epochs: 3
            batch_size: 16
            threads: 1
            seeds: \(seeds)
            """
        let file = folder.appendingPathComponent("cost.spec")
        try Data(text.utf8).write(to: file)
        let experiment = try SpecificationFile.load(file.path, overrides: [], seeds: nil)
        var preparation = JobPreparation(
            PreparationOptions(
                dataRoots: [:], environment: [:], needsData: false, backend: nil, overrides: [],
                arguments: []))
        return try preparation.prepare(experiment)
    }
}

import Checkpoints
import Datasets
import Foundation
import Models
import Optimizers
import Records
import Scheduling
import Specifications
import SystemPackage
import Training

/// A sweep whose worker is a script: what it says and how it dies is the test's business.
struct StubSweep {
    let folder: URL
    let store: Store
    let jobs: [ScheduledJob]
    private let worker: FilePath

    /// - Parameters:
    ///   - seeds: how many jobs there are, one a seed.
    ///   - script: run with `$seed`, `$launch` (1 for a job's first worker), `$request`, and the
    ///     functions `started STEP`, `paused STEP`, `refused TEXT`, `finished` and `diverged`.
    init(seeds: Int, script: String) throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("gc-bench-sweep-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("worker.sh")
        try Data((Self.functions + script).utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        worker = FilePath(file.path)
        store = try Store.open(path: folder.appendingPathComponent("store.sqlite").path)
        let survey = JobSurvey(parameters: 1, multiplyAdds: 1, arenaByteCount: 1)
        jobs = try Self.prepared(seeds: seeds).map { ScheduledJob($0, survey, threads: 1) }
    }

    var files: JobFiles { JobFiles(besideStore: store.path) }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// How often a worker was started for a job.
    func launches(seed: Int) -> Int {
        let log = folder.appendingPathComponent("launches-\(seed)")
        return (try? String(contentsOf: log, encoding: .utf8))?.count { $0 == "\n" } ?? 0
    }

    func run(
        retries: Int = 2, failsFast: Bool = false, threads: Int = 1, stop: StopSignal = StopSignal()
    ) async throws -> (summary: SweepSummary, log: [String]) {
        let log = EventLog()
        let runner = SweepRunner(
            store: store, pool: WorkerPool(resources: .current(), limit: 1),
            settings: SweepSettings(
                workerExecutable: worker, automaticThreads: threads, retryCount: retries,
                failsFast: failsFast, machine: "{}", codeVersion: "test"),
            stop: stop, observer: log)
        return (try await runner.run(jobs), await log.lines)
    }

    private static func prepared(seeds: Int) throws -> [PreparedJob] {
        var preparation = JobPreparation(
            PreparationOptions(
                dataRoots: [:], environment: [:], needsData: false, backend: nil, overrides: [],
                arguments: []))
        let jobs = (0..<seeds).map { seed in
            JobSpecification(
                dataset: DatasetSettings(name: .shapes, trainCount: 64, testCount: 16),
                backbone: .resnet8, stem: .cifar,
                optimizer: OptimizerSettings(learningRate: 0.1, momentum: 0.9, weightDecay: 0),
                gradientCentralization: .none, epochs: 1, batchSize: 8, evaluationBatchSize: 8,
                seed: seed)
        }
        return try preparation.prepare(Experiment(specificationPath: "stub.spec", jobs: jobs))
    }

    private static let functions = #"""
        #!/bin/sh
        cd "$(dirname "$0")"
        read -r request
        seed=$(expr "$request" : '.*"seed":\([0-9]*\)')
        echo "$request" >> launches-$seed
        launch=$(wc -l < launches-$seed)
        event() { echo '{"event":{"_0":'"$1"'}}'; }
        started() {
            event '{"started":{"_0":{"parameters":1,"arenaByteCount":1,"stepCount":9,"data":"",
                "skippedWeights":[],"threads":1,"firstStep":'$1'}}}' | tr -d '\n'
            echo
        }
        paused() { event '{"paused":{"step":'$1'}}'; }
        refused() { echo '{"refused":{"_0":"'"$1"'"}}'; }
        ended() {
            event '{"ended":{"_0":{"state":"'$1'","weightsDigest":"d","imagesPerSecond":1,"seconds":1,
                "peakResidentBytes":1}}}' | tr -d '\n'
            echo
        }
        finished() { ended finished; }
        diverged() { ended diverged; }

        """#
}

/// What an observer is told, a line each.
private actor EventLog: SweepObserver {
    private(set) var lines: [String] = []

    private func add(_ what: String, _ job: PreparedJob, _ more: String = "") {
        lines.append("\(what) \(job.specification.seed)" + (more.isEmpty ? "" : ": \(more)"))
    }

    func jobWasDone(_ job: PreparedJob) { add("done before", job) }
    func jobIsHeld(_ job: PreparedJob, by runner: String) { add("held", job) }
    func jobStarted(_ job: PreparedJob) { add("started", job) }
    func jobIsReady(_ job: PreparedJob, _ start: JobStart) {}
    func jobProgressed(_ job: PreparedJob, _ progress: JobProgress) {}
    func jobMeasured(_ job: PreparedJob, _ measurements: [Training.Measurement]) {}
    func jobNoted(_ job: PreparedJob, _ text: String) { add("noted", job, text) }
    func jobCrashed(_ job: PreparedJob, why: String, retryingIn seconds: Double) {
        add("crashed", job, "\(seconds)")
    }
    func jobStopped(_ job: PreparedJob, at step: Int?) {
        add("stopped", job, step.map { "\($0)" } ?? "")
    }
    func jobEnded(_ job: PreparedJob, _ outcome: Training.JobOutcome) {
        add("ended", job, outcome.state.rawValue)
    }
    func jobFailed(_ job: PreparedJob, why: String) { add("failed", job, why) }
}

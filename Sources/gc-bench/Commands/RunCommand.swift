import ArgumentParser
import Foundation
import Records
import Scheduling
import Specifications
import Training

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Train what a spec describes and record it.",
        discussion: """
            Finished jobs are not run again and interrupted ones go on from their last checkpoint, \
            so running the same command twice is safe, and so is interrupting it. The first Ctrl-C \
            lets running jobs write a checkpoint; the second ends at once.
            """)

    @OptionGroup var sweep: SweepOptions
    @OptionGroup var storeOptions: StoreOptions
    @OptionGroup var device: DeviceOptions
    @OptionGroup var pretrained: PretrainedOptions
    @OptionGroup var options: RunOptions

    func run() async throws {
        // A file that grows beyond a limit is an error to be told, not a reason to die.
        signal(SIGXFSZ, SIG_IGN)
        try await reportingMistakes {
            let device = try await device.choice()
            let jobs = try await scheduledJobs(device)
            let store = try Store.open(
                path: storeOptions.db, allowsNetwork: options.allowNetworkStore)
            let summary = try await run(jobs, store, device)
            if options.json { Console.print(try SweepDocument(jobs, summary, store).text()) }
            try store.close()
            if summary[.failed] > 0 { throw ExitCode.jobFailed }
            if summary.stopReason != nil { throw ExitCode.interrupted }
        }
    }

    /// Everything that can go wrong before a job runs goes wrong here.
    private func scheduledJobs(_ device: DeviceChoice) async throws -> [ScheduledJob] {
        let experiments = try sweep.experiments()
        var preparation = try sweep.preparation(
            needsData: true, device: device, weights: pretrained, cacheFolder: options.cache)
        let prepared = try experiments.flatMap { try preparation.prepare($0) }
        try CachePreparation(prepared).build(isQuiet: options.quiet)
        let surveys = try await Surveyor(workerExecutable: WorkerExecutable.path())
            .survey(prepared)
        let settings = try settings(for: prepared, device)
        return try zip(prepared, surveys).map { job, survey in
            if let problem = survey.problem { throw UnplannableJob(job, problem) }
            return ScheduledJob(job, survey, threads: settings.threads(for: job.specification))
        }
    }

    private func settings(for prepared: [PreparedJob], _ device: DeviceChoice) throws
        -> SweepSettings
    {
        let cores = ComputeResources.current()
        let threads = prepared.map { $0.specification.threadsAlone }.max() ?? cores.coreCount
        let slots = options.jobs ?? cores.slotCount(threadsPerJob: threads)
        return SweepSettings(
            workerExecutable: try WorkerExecutable.path(),
            automaticThreads: max(1, cores.coreCount / slots),
            loaderThreads: options.loaderThreads, isFresh: options.fresh,
            keepsWeights: options.keepWeights,
            checkpointSeconds: options.checkpointEvery?.seconds
                ?? options.standardCheckpointSeconds,
            retryCount: options.retries, failsFast: options.failurePolicy == .failFast,
            machine: try WorkerCoding.line(
                MachineDescription.current().facts.merging(device.facts) { own, _ in own }),
            codeVersion: CodeVersion.current(GCBench.version))
    }

    /// Who says how many jobs run side by side decides about the cores; memory is kept to anyway.
    private func pool(_ jobs: [ScheduledJob], _ device: DeviceChoice) -> WorkerPool {
        let resources = ComputeResources.current().with(gpus: device.gpus)
        guard let count = options.jobs else { return WorkerPool(resources: resources) }
        let threads = jobs.map(\.needs.coreCount).max() ?? 1
        return WorkerPool(
            resources: resources.with(coreCount: max(resources.coreCount, count * threads)),
            limit: count)
    }

    private func run(_ jobs: [ScheduledJob], _ store: Store, _ device: DeviceChoice) async throws
        -> SweepSummary
    {
        let board = ProgressBoard(jobs: jobs, style: options.progressStyle)
        let stop = StopSignal()
        let runner = SweepRunner(
            store: store, pool: pool(jobs, device),
            settings: try settings(for: jobs.map(\.job), device),
            stop: stop, observer: board)
        await board.begin(store: storeOptions.db)
        let work = Task { try await runner.run(jobs) }
        let budget = Task { [options] in
            guard let seconds = options.budget?.seconds else { return }
            try await Task.sleep(for: .seconds(seconds))
            stop.raise(.budgetSpent)
        }
        let signals = TerminationSignals(
            first: {
                stop.raise(.interrupted)
                Task { await board.stopping() }
            }, second: work.cancel)
        defer {
            signals.stop()
            budget.cancel()
        }
        do {
            let summary = try await work.value
            await board.end(summary, reportCommand: "gc-bench report" + storeOptions.advice)
            return summary
        } catch is CancellationError {
            await board.interrupted()
            throw ExitCode.interrupted
        }
    }
}

/// A job that no plan can be made of on its backend.
struct UnplannableJob: Error, CustomStringConvertible {
    let description: String

    init(_ job: PreparedJob, _ problem: String) {
        description = "\(job.listing.spec): \(job.fullLabel): \(problem)"
    }
}

import ArgumentParser
import Dispatch
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
            Finished jobs are not run again, so running the same command twice is safe, and so is \
            interrupting it.
            """)

    @OptionGroup var sweep: SweepOptions
    @OptionGroup var storeOptions: StoreOptions
    @OptionGroup var device: DeviceOptions

    @Option(help: "Jobs side by side; by default as many as the cores have room for.")
    var jobs: Int?

    @Flag(help: "Train finished jobs again; their old rows stay, marked as superseded.")
    var fresh = false

    @Flag(help: "Say nothing but what goes wrong.")
    var quiet = false

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1, not \(jobs)") }
    }

    func run() async throws {
        try await reportingMistakes {
            let experiments = try sweep.experiments()
            var preparation = try sweep.preparation(needsData: true, backend: device.backend)
            let prepared = try experiments.flatMap { try preparation.prepare($0) }
            let store = try Store.open(path: storeOptions.db)
            let summary = try await run(prepared, store)
            try store.close()
            if summary[.failed] > 0 { throw ExitCode.jobFailed }
        }
    }

    private func run(_ prepared: [PreparedJob], _ store: Store) async throws -> SweepSummary {
        let cores = ComputeResources.current()
        let threads = prepared.map { $0.specification.threadsAlone }.max() ?? cores.coreCount
        let slots = jobs ?? cores.slotCount(threadsPerJob: threads)
        let board = ProgressBoard(
            jobs: prepared, slotCount: slots, style: quiet ? .quiet : .detected)
        let runner = SweepRunner(
            store: store, pool: WorkerPool(slotCount: slots),
            settings: SweepSettings(
                workerExecutable: try WorkerExecutable.path(),
                automaticThreads: max(1, cores.coreCount / slots), isFresh: fresh,
                machine: try WorkerCoding.line(MachineDescription.current().facts),
                codeVersion: GCBench.version), observer: board)
        await board.begin(store: storeOptions.db)
        let work = Task { try await runner.run(prepared) }
        let signals = TerminationSignals { work.cancel() }
        defer { signals.stop() }
        do {
            let summary = try await work.value
            await board.end(summary, reportCommand: reportCommand)
            return summary
        } catch is CancellationError {
            await board.interrupted()
            throw ExitCode.interrupted
        }
    }

    private var reportCommand: String {
        "gc-bench report" + (storeOptions.named.map { " --db \($0)" } ?? "")
    }
}

/// Turns Ctrl-C and a polite kill into a call.
private struct TerminationSignals {
    private let sources: [any DispatchSourceSignal]

    init(_ handle: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler(handler: handle)
            source.resume()
            return source
        }
    }

    func stop() { for source in sources { source.cancel() } }
}

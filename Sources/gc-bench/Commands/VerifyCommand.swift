import ArgumentParser
import Checkpoints
import Datasets
import Foundation
import Records
import Scheduling
import Specifications
import Training

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Train finished jobs again and compare weights and measurements bit for bit.",
        discussion: """
            Nothing is recorded. Exit code 0 says that every bit is the same, 1 that one is not. \
            The same bits need the same machine, libraries and number of compute threads.
            """)

    @Argument(help: "Ids of jobs, or their first letters.", completion: .jobs)
    var jobs: [String]

    @OptionGroup var storeOptions: StoreOptions

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "The folder of a data set, or its parent: --data cifar10=PATH.",
            valueName: "name=path"), completion: .dataFolders)
    var data: [String] = []

    @Option(
        help: "The file of weights that the jobs started from, if any.", completion: .file())
    var weights: String?

    @Flag(help: "Keep the weights beside the store, for `export`.")
    var keepWeights = false

    func validate() throws {
        if jobs.isEmpty { throw ValidationError("name at least one job") }
    }

    func run() async throws {
        try await reportingMistakes {
            let store = try Store.openReadOnly(path: storeOptions.db)
            var isSame = true
            for job in jobs {
                let record = try JobSelection(store: store).job(job)
                let verdict = try await verify(record, store)
                Console.print("\(record.job.id): \(verdict.text)")
                isSame = isSame && verdict.isSame
            }
            if !isSame { throw ExitCode.jobFailed }
        }
    }

    private func verify(_ record: JobRecord, _ store: Store) async throws -> Verdict {
        guard record.state.isDone, let attempt = record.attempt else {
            throw VerificationError.notDone(record.job.id, record.state)
        }
        let verification = try Verification(
            record, dataRoots: DataOption.roots(data), weights: weights,
            environment: ProcessInfo.processInfo.environment)
        let weights = storeOptions.files.weights(of: record.job.id)
        let threads = attempt.environment.threads ?? ComputeResources.current().coreCount
        let again = try await verification.train(
            with: WorkerExecutable.worker(threads: threads), threads: threads,
            weights: keepWeights ? WeightsRequest(job: record.job.id, path: weights) : nil
        ) { progress in
            if Console.standardErrorIsTerminal {
                Console.raw(
                    "\r\u{1B}[2Kepoch \(progress.epoch)/\(progress.epochs)"
                        + "  eta \(Units.duration(progress.secondsLeft ?? .nan))")
            }
        }
        if Console.standardErrorIsTerminal { Console.raw("\r\u{1B}[2K") }
        return Verdict(again, record: record, measured: try store.measurements(of: record.job.id))
    }
}

/// What training again showed.
private struct Verdict {
    let isSame: Bool
    let text: String

    init(_ again: Verification.Result, record: JobRecord, measured: [MetricValue]) {
        let expected = record.attempt?.weightsDigest ?? "none"
        let differing = Self.differences(again.measurements, measured)
        let hasSameWeights = again.outcome.weightsDigest == expected
        isSame = hasSameWeights && differing.isEmpty
        if isSame {
            text = "the same bits: weights \(expected), \(again.measurements.count) measurements"
        } else {
            let weights =
                hasSameWeights
                ? [] : ["weights \(again.outcome.weightsDigest), recorded are \(expected)"]
            let metrics = differing.isEmpty ? [] : ["first differing metric: \(differing[0])"]
            let recorded = record.attempt?.environment.machine ?? "unknown"
            text =
                "DIFFERS: " + (weights + metrics).joined(separator: "; ")
                + "; recorded on \(recorded)"
        }
    }

    /// Rates and waits depend on the day; everything else is compared to the last bit.
    private static func differences(_ again: [MetricValue], _ recorded: [MetricValue]) -> [String] {
        let isTimed = { (metric: String) in Metric(rawValue: metric)?.isTimed ?? false }
        let (here, there) = (
            Set(again.filter { !isTimed($0.metric) }.map(Row.init)),
            Set(recorded.filter { !isTimed($0.metric) }.map(Row.init))
        )
        return here.symmetricDifference(there).map(\.description).sorted()
    }

    private struct Row: Hashable, CustomStringConvertible {
        let metric: String
        let epoch: Int
        let step: Int
        let bits: UInt64?

        init(_ value: MetricValue) {
            metric = value.metric
            epoch = value.epoch
            step = value.step
            // One NaN is as good as another.
            bits = value.value.isNaN ? nil : value.value.bitPattern
        }

        var description: String { "\(metric) of epoch \(epoch)" }
    }
}

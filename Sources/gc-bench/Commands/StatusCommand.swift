import ArgumentParser
import Foundation
import Records

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show where the jobs of a store stand, while they run or afterwards.")

    @OptionGroup var storeOptions: StoreOptions

    @Flag(help: "Show it again every second until nothing runs; Ctrl-C ends it.")
    var follow = false

    @Flag(help: "One JSON document on standard output; with --follow, one a line.")
    var json = false

    @Flag(help: "List every job with its id.")
    var all = false

    func run() async throws {
        try await reportingMistakes {
            var drawn = 0
            while true {
                let status = try Status(path: storeOptions.db)
                let text = json ? try status.json(isLine: follow) : status.text(listsAll: all)
                if follow, !json, isatty(STDOUT_FILENO) == 1, drawn > 0 {
                    Console.rawOutput(String(repeating: "\u{1B}[1A\u{1B}[2K", count: drawn))
                }
                Console.print(text)
                drawn = text.split(separator: "\n", omittingEmptySubsequences: false).count
                guard follow, status.isRunning else { return }
                try await Task.sleep(for: .seconds(1))
            }
        }
    }
}

/// Where the jobs of a store stand.
private struct Status: Encodable {
    struct Job: Encodable {
        let id: String
        let table: String
        let label: String
        let gc: String
        let seed: Int
        let state: String
        let epoch: Int?
        let epochs: Int?
        let step: Int?
        let steps: Int?
        let loss: Double?
        let imagesPerSecond: Double?
        let dataWait: Double?
        let secondsLeft: Double?
        let message: String?
    }

    let states: [String: Int]
    let jobs: [Job]

    var isRunning: Bool { jobs.contains { $0.state == JobState.running.rawValue } }

    init(path: String) throws {
        let store = try Store.openReadOnly(path: path)
        let running = try store.running()
        var seen: Set<String> = []
        jobs = try store.jobs().filter { seen.insert($0.job.id).inserted }.map {
            Job($0, running[$0.job.id])
        }
        states = Dictionary(grouping: jobs, by: \.state).mapValues(\.count)
        try store.close()
    }

    func json(isLine: Bool) throws -> String {
        guard isLine else { return try JSONDocument.text(self) }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    func text(listsAll: Bool) -> String {
        let counts = JobState.allCases.compactMap { state in
            states[state.rawValue].map { "\($0) \(state.rawValue)" }
        }
        let lines = jobs.filter { listsAll || $0.isWorthALine }.map(\.line)
        let head = counts.isEmpty ? "no jobs" : counts.joined(separator: ", ")
        return ([head] + lines).joined(separator: "\n")
    }
}

extension Status.Job {
    fileprivate init(_ record: JobRecord, _ running: RunningState?) {
        let state = record.state == .running ? running : nil
        self.init(
            id: record.job.id, table: record.job.listing.table, label: record.job.listing.label,
            gc: record.job.settings.gc, seed: record.job.seed, state: record.state.rawValue,
            epoch: state?.epoch, epochs: state?.epochs, step: state?.step,
            steps: state?.stepCount, loss: state?.loss.ifFinite,
            imagesPerSecond: state?.imagesPerSecond.ifFinite, dataWait: state?.waitShare.ifFinite,
            secondsLeft: state?.secondsLeft, message: record.attempt?.message)
    }

    fileprivate var isWorthALine: Bool {
        switch JobState(rawValue: state) {
        case .running, .interrupted, .failed: true
        case .planned, .finished, .diverged, nil: false
        }
    }

    fileprivate var line: String {
        "  \(id.prefix(12))  \(table): \(label), gc=\(gc), seed \(seed)  \(state)"
            + progress + (message.map { ": \($0.firstLine)" } ?? "")
    }

    private var progress: String {
        guard let epoch, let epochs else { return "" }
        return "  epoch \(epoch)/\(epochs)  loss \(Units.fixed(loss ?? .nan, 3))"
            + "  \(Units.fixed(imagesPerSecond ?? 0, 0)) images/s"
            + "  waiting \(Units.fixed(100 * (dataWait ?? 0), 0)) %"
            + "  eta \(Units.duration(secondsLeft ?? .nan))"
    }
}

extension Double {
    fileprivate var ifFinite: Double? { isFinite ? self : nil }
}

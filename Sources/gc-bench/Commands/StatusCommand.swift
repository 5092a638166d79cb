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
            var live = LiveLines(on: .standardOutput)
            let isDrawn = follow && !json && Console.standardOutputIsTerminal
            while true {
                let status = try Status(path: storeOptions.db)
                if isDrawn, status.isRunning {
                    live.draw(status.lines(listsAll: all, fitting: live))
                } else {
                    live.draw([])
                    Console.print(
                        json ? try status.json(isLine: follow) : status.text(listsAll: all))
                }
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

    /// The counts, and a line for each job that is on its way or needs a look.
    func text(listsAll: Bool) -> String {
        ([head] + shown(listsAll).map(\.line)).joined(separator: "\n")
    }

    /// The same where lines cannot be longer than the terminal is wide, nor more than it is high.
    func lines(listsAll: Bool, fitting terminal: LiveLines) -> [String] {
        let jobs = shown(listsAll)
        let listed = jobs.prefix(jobs.count < terminal.room ? jobs.count : terminal.room - 2)
        let running = listed.filter { $0.epoch != nil }
        let rest = jobs.count - listed.count
        return [head] + ProgressTable(running.map(\.row)).lines(width: terminal.width)
            + listed.filter { $0.epoch == nil }.map(\.line)
            + (rest > 0 ? ["  and \(rest) more"] : [])
    }

    private var head: String {
        let counts = JobState.allCases.compactMap { state in
            states[state.rawValue].map { "\($0) \(state.rawValue)" }
        }
        return counts.isEmpty ? "no jobs" : counts.joined(separator: ", ")
    }

    private func shown(_ all: Bool) -> [Job] { jobs.filter { all || $0.isWorthALine } }
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

    private var name: String { "\(id.prefix(12))  \(table): \(label), gc=\(gc), seed \(seed)" }

    fileprivate var line: String {
        "  \(name)  \(state)" + progress + (message.map { ": \($0.firstLine)" } ?? "")
    }

    fileprivate var row: ProgressTable.Row {
        ProgressTable.Row(
            name: "  " + name, epoch: epoch ?? 0, epochs: epochs ?? 0, loss: loss ?? .nan,
            imagesPerSecond: imagesPerSecond ?? 0, waitShare: dataWait ?? 0,
            secondsLeft: secondsLeft)
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

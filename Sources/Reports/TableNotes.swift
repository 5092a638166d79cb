import Foundation
import Publications
import Records

/// What stands under a table: everything needed to trust it, doubt it or repeat it.
struct TableNotes: Hashable, Sendable {
    /// A name and a text, such as `Data` and `cifar10`.
    struct Note: Hashable, Sendable {
        let name: String
        let text: String
    }

    let notes: [Note]
    /// Jobs without a result, one line each.
    let unfinished: [String]
    /// Shell commands, one per line.
    let commands: [String]

    init(_ table: TableReport, storePath: String?) {
        notes =
            [
                Self.note("Data", Self.data(table)),
                Self.note("Deviations from the protocol", Self.deviations(table)),
                Self.note("Machine", Self.machines(table)),
                Self.note("Code", Self.attempts(table).compactMap(\.environment.codeVersion)),
            ].compactMap(\.self) + Footnotes.notes(table)
        unfinished = Self.unfinished(table)
        commands = Commands.reproducing(table, storePath: storePath)
    }

    /// Repeated texts once, in order of appearance; nil without any.
    private static func note(_ name: String, _ texts: [String]) -> Note? {
        var seen: Set<String> = []
        let distinct = texts.filter { seen.insert($0).inserted }
        return distinct.isEmpty ? nil : Note(name: name, text: distinct.joined(separator: "; "))
    }

    private static func data(_ table: TableReport) -> [String] {
        table.jobs.map { job in
            let name = job.job.settings.dataset
            if job.job.evidence.smoke { return "\(name), replaced by drawn images" }
            if job.job.evidence.synthetic { return "\(name), drawn by the program" }
            return job.job.evidence.subset ? "\(name), not the official set" : name
        }
    }

    private static func deviations(_ table: TableReport) -> [String] {
        table.jobs.compactMap { job in
            job.job.listing.deviation.map { "\(job.job.listing.label): \($0)" }
        }
    }

    private static func attempts(_ table: TableReport) -> [AttemptRecord] {
        table.jobs.filter { $0.state.isDone }.compactMap(\.attempt)
    }

    private static func machines(_ table: TableReport) -> [String] {
        attempts(table).compactMap { attempt in
            let machine = attempt.environment.machine.map(MachineText.describe)
            let threads = attempt.environment.threads.map {
                "\($0) compute \($0 == 1 ? "thread" : "threads")"
            }
            let parts = [machine, threads].compactMap(\.self)
            return parts.isEmpty ? nil : parts.joined(separator: ", ")
        }
    }

    private static func unfinished(_ table: TableReport) -> [String] {
        table.jobs.filter { !$0.state.isDone }.map { job in
            let name = "\(job.job.listing.label), gc \(job.job.settings.gc), seed \(job.job.seed)"
            let progress = job.metrics.values.map(\.lastEpoch).max()
                .map { " (epoch \($0) of \(job.job.settings.epochs))" }
            let message = job.attempt?.message.map { ": \($0)" }
            return "\(name): \(job.state.rawValue)\(progress ?? "")\(message ?? "")"
        }
    }
}

/// A machine's JSON object as text: its names and values in alphabetical order.
enum MachineText {
    static func describe(_ json: String) -> String {
        guard let object = try? JSONSerialization.jsonObject(with: Data(json.utf8)),
            let fields = object as? [String: Any]
        else { return json }
        return fields.sorted { $0.key < $1.key }.map { key, value in
            "\(key.split(separator: "_").joined(separator: " ")) \(value)"
        }.joined(separator: ", ")
    }
}

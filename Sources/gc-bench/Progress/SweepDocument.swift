import Foundation
import Records
import Scheduling
import Specifications

/// What `run --json` prints: how every job ended.
struct SweepDocument: Encodable {
    let jobs: [Job]
    /// How many jobs ended how.
    let summary: [String: Int]

    struct Job: Encodable {
        let id: String
        let label: String
        let seed: Int
        let ending: String
        let state: String
        let weightsDigest: String?
        let message: String?
    }

    init(_ scheduled: [ScheduledJob], _ summary: SweepSummary, _ store: Store) throws {
        let records = Dictionary(try store.jobs().map { ($0.job.id, $0) }) { first, _ in first }
        jobs = scheduled.map { scheduled in
            let (job, record) = (scheduled.job, records[scheduled.job.id])
            return Job(
                id: job.id, label: job.fullLabel, seed: job.specification.seed,
                ending: (summary.endings[job.id] ?? .notStarted).rawValue,
                state: (record?.state ?? .planned).rawValue,
                weightsDigest: record?.attempt?.weightsDigest, message: record?.attempt?.message)
        }
        self.summary = Dictionary(
            uniqueKeysWithValues: SweepSummary.Ending.allCases.map { ($0.rawValue, summary[$0]) })
    }

    func text() throws -> String { try JSONDocument.text(self) }
}

/// One JSON document on standard output, keys as in the design.
enum JSONDocument {
    static func text(_ document: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }
}

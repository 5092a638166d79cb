import ArgumentParser
import Foundation
import Records
import Scheduling
import Specifications
import Training

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show the jobs of a spec: size, work, memory, steps; needs neither data nor GPU.")

    @OptionGroup var sweep: SweepOptions
    @OptionGroup var storeOptions: StoreOptions
    @OptionGroup var device: DeviceOptions

    @Flag(help: "One JSON document on standard output.")
    var json = false

    func run() async throws {
        try await reportingMistakes {
            let experiments = try sweep.experiments()
            var preparation = try sweep.preparation(needsData: false, backend: device.backend)
            let prepared = try experiments.flatMap { try preparation.prepare($0) }
            let surveys = try await survey(prepared)
            let states = try recordedStates()
            let jobs = zip(prepared, surveys).map { PlannedJob($0, $1, states[$0.id]) }
            Console.print(json ? try PlannedJob.json(jobs) : PlannedJob.table(jobs))
            if let problem = jobs.compactMap(\.problem).first {
                Console.note("error: \(problem)")
                throw ExitCode.mistake
            }
        }
    }

    /// Asks a worker of each backend, in one go.
    private func survey(_ prepared: [PreparedJob]) async throws -> [JobSurvey] {
        var surveys = Array(repeating: JobSurvey?.none, count: prepared.count)
        for backend in BackendName.allCases {
            let indices = prepared.indices.filter { prepared[$0].backend == backend }
            guard !indices.isEmpty else { continue }
            let threads = ComputeResources.current().coreCount
            let request = SurveyRequest(
                specifications: indices.map { prepared[$0].specification }, backend: backend,
                threads: threads)
            let answer = Box<[JobSurvey]>()
            try await WorkerExecutable.worker(threads: threads).run(.survey(request)) { reply in
                if case .surveys(let surveys) = reply { await answer.set(surveys) }
            }
            for (index, survey) in zip(indices, await answer.value ?? []) {
                surveys[index] = survey
            }
        }
        return surveys.map { survey in
            survey
                ?? JobSurvey(
                    parameters: 0, multiplyAdds: 0, arenaByteCount: 0, problem: "was not planned")
        }
    }

    /// What the store says, if there is one.
    private func recordedStates() throws -> [String: JobState] {
        guard FileManager.default.fileExists(atPath: storeOptions.db) else { return [:] }
        return try Store.openReadOnly(path: storeOptions.db).states()
    }
}

/// A value that a reply brings.
actor Box<Value: Sendable> {
    private(set) var value: Value?

    func set(_ value: Value) { self.value = value }
}

/// One line of a plan.
private struct PlannedJob: Encodable {
    let id: String
    let label: String
    let seed: Int
    let parameters: Int
    let multiplyAdds: Int
    let arenaBytes: Int
    let steps: Int
    let state: String
    let problem: String?

    enum CodingKeys: String, CodingKey {
        case id, label, seed, parameters
        case multiplyAdds = "multiply_adds"
        case arenaBytes = "arena_bytes"
        case steps, state, problem
    }

    init(_ job: PreparedJob, _ survey: JobSurvey, _ state: JobState?) {
        id = job.id
        label = job.fullLabel
        seed = job.specification.seed
        parameters = survey.parameters
        multiplyAdds = survey.multiplyAdds
        arenaBytes = survey.arenaByteCount
        steps = job.stepCount
        self.state = (state ?? .planned).rawValue
        problem = survey.problem
    }

    static func json(_ jobs: [PlannedJob]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(["jobs": jobs]), as: UTF8.self)
    }

    static func table(_ jobs: [PlannedJob]) -> String {
        var table = TextTable([
            .left("job"), .left("row"), .right("seed"), .right("parameters"),
            .right("multiply-adds"), .right("arena"), .right("steps"), .left("state"),
        ])
        for job in jobs {
            table.add([
                String(job.id.prefix(12)), job.label, "\(job.seed)", Units.grouped(job.parameters),
                Units.giga(job.multiplyAdds), Units.bytes(job.arenaBytes),
                Units.grouped(job.steps), job.state,
            ])
        }
        return table.text + "\n\(jobs.count) jobs\n"
    }
}

extension PreparedJob {
    /// The row and the arm, as progress and plans show them.
    var fullLabel: String {
        let mode = "gc=\(row.settings.gc)"
        return row.listing.label.isEmpty ? mode : "\(row.listing.label), \(mode)"
    }
}

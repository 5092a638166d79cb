import ArgumentParser
import Optimizers
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
    @OptionGroup var pretrained: PretrainedOptions

    @Flag(help: "One JSON document on standard output.")
    var json = false

    @Flag(
        help: """
            Say of each job why it will run or is done, and in which fields it differs from the \
            finished job that is most like it.
            """)
    var explain = false

    func run() async throws {
        try await reportingMistakes {
            let experiments = try sweep.experiments()
            var preparation = try sweep.preparation(
                needsData: false, device: device.planned(), weights: pretrained)
            let prepared = try experiments.flatMap { try preparation.prepare($0) }
            let surveys = try await Surveyor(workerExecutable: WorkerExecutable.path())
                .survey(prepared)
            let store = storeOptions.exists ? try Store.openReadOnly(path: storeOptions.db) : nil
            let states = try store?.states() ?? [:]
            let explainer = explain ? JobExplainer(try store?.jobs() ?? []) : nil
            let jobs = zip(prepared, surveys).map { job, survey in
                PlannedJob(job, survey, states[job.id], explainer?.explain(job).text)
            }
            Console.print(
                json ? try JSONDocument.text(["jobs": jobs]) : PlannedJob.table(jobs))
            if let problem = jobs.lazy.compactMap(\.problem).first {
                Console.note("error: \(problem)")
                throw ExitCode.mistake
            }
        }
    }
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
    let explanation: String?

    init(_ job: PreparedJob, _ survey: JobSurvey, _ state: JobState?, _ explanation: String?) {
        id = job.id
        label = job.fullLabel
        seed = job.specification.seed
        parameters = survey.parameters
        multiplyAdds = survey.multiplyAdds
        arenaBytes = survey.arenaByteCount
        steps = job.stepCount
        self.state = (state ?? .planned).rawValue
        problem = survey.problem
        self.explanation = explanation
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
                Units.grouped(job.steps), job.explanation ?? job.state,
            ])
        }
        return table.text + "\n\(jobs.count) jobs\n"
    }
}

extension JobExplanation {
    /// For the last column of a plan.
    fileprivate var text: String {
        switch self {
        case .done(let state, let finished):
            "done: \(state.rawValue)" + (finished.map { " \($0)" } ?? "")
        case .interrupted: "will run: was interrupted, goes on from its last checkpoint"
        case .isRunning: "is being run now"
        case .failed(let message):
            "will run: failed before" + (message.map { ": \($0.firstLine)" } ?? "")
        case .new(nil, _): "will run: the store has no finished job to compare it with"
        case .new(.some(let id), let differences):
            "will run: differs from \(id.prefix(12)) in "
                + differences.map(\.text).joined(separator: ", ")
        }
    }
}

extension JobExplanation.Difference {
    fileprivate var text: String { "\(field) (\(here ?? "none") here, \(there ?? "none") there)" }
}

extension String {
    var firstLine: String { prefix { !$0.isNewline }.description }
}

extension PreparedJob {
    /// The row and the arm, as progress and plans show them.
    var fullLabel: String {
        let mode = "gc=\(specification.gradientCentralization.rawValue)"
        return listing.label.isEmpty ? mode : "\(listing.label), \(mode)"
    }
}

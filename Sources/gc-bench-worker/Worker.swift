import CPUBackend
import Checkpoints
import Datasets
import Foundation
import Graphs
import Training

/// Answers one request and ends. Exit code 0 says that it was answered, if only by a refusal.
@main
struct Worker {
    private let replies = ReplyWriter()
    private let watch = RunnerWatch()

    static func main() throws {
        // A file that grows beyond a limit is an error to be told, not a reason to die.
        signal(SIGXFSZ, SIG_IGN)
        guard let line = readLine(strippingNewline: true) else {
            FileHandle.standardError.write(
                Data("gc-bench-worker takes its request from gc-bench; run that instead\n".utf8))
            exit(EX_USAGE)
        }
        let request = try WorkerCoding.value(WorkerRequest.self, from: line)
        let worker = Worker()
        do {
            try worker.answer(request)
        } catch {
            worker.replies.send(.refused("\(error)"))
        }
        worker.replies.flush()
    }

    private func answer(_ request: WorkerRequest) throws {
        switch request {
        case .train(let request): try train(request)
        case .survey(let request):
            let choice = BackendChoice(
                name: request.backend, precision: .float32, threads: request.threads)
            var survey = Survey(target: choice.target)
            replies.send(.surveys(request.specifications.map { survey($0) }))
        case .plan(let job):
            replies.send(
                .plan(
                    try TrainingProgram.planText(
                        job.specification, target: BackendChoice(job).target)))
        case .step(let request):
            let answer = try BackendChoice(request.job).run(Step(request: request))
            for note in answer.notes { replies.send(.event(.noted(note))) }
            replies.send(.stepped(answer.losses))
        case .evaluate(let request):
            let task = Evaluate(request: request)
            replies.send(.evaluated(try BackendChoice(request.job).run(task)))
        case .bench(let request):
            let task = Measure(request: request, libraries: libraries)
            replies.send(.benched(try BackendChoice(request.job).run(task)))
        case .peaks(let request):
            let choice = BackendChoice(
                name: request.backend, precision: .float32, threads: request.threads)
            replies.send(.peaks(try choice.run(MeasurePeaks())))
        case .libraries: replies.send(.libraries(libraries))
        case .gpus: replies.send(.gpus(.current()))
        }
    }

    /// Names and versions of what computes.
    private var libraries: [String: String] {
        [
            "onednn": LibraryVersions.oneDNN, "openblas": LibraryVersions.openBLAS,
            "openblas_core": LibraryVersions.openBLASCore, "kernels": LibraryVersions.kernels,
        ]
    }

    /// Whatever may change how results are rounded.
    private func engine(of job: EngineJob) -> String {
        let parts =
            libraries.sorted { $0.key < $1.key }.map { "\($0) \($1)" }
            + ["\(job.threads) threads", ProcessorInformation.modelName]
            + (job.backend.usesGPU ? gpu : [])
        return ([job.backend.rawValue] + parts).joined(separator: ", ")
    }

    /// The GPU and its libraries.
    private var gpu: [String] {
        let survey = GPUSurvey.current()
        return survey.devices.prefix(1).map(\.name)
            + survey.libraries.map { "\($0.name) \($0.text)" }
    }

    private func train(_ request: TrainRequest) throws {
        let (replies, watch) = (replies, watch)
        let keeper = try keeper(for: request)
        for note in keeper?.notes ?? [] { replies.send(.event(.noted(note))) }
        let data = try TrainingData(request, from: keeper?.progress.position ?? .start)
        let support = RunSupport(
            keeper: keeper, weights: request.weights, isStopping: { watch.isStopping },
            report: { replies.send(.event($0)) })
        try BackendChoice(request.job).run(
            Train(request: request, data: data, support: support))
    }

    /// nil without checkpoints: none are asked for, or the disk has no place for them.
    private func keeper(for request: TrainRequest) throws -> CheckpointKeeper? {
        do {
            return try request.checkpoints.map {
                try CheckpointKeeper($0, engine: engine(of: request.job))
            }
        } catch let error as DiskError {
            replies.send(.event(.noted("no checkpoints: \(error); training goes on without")))
            return nil
        }
    }
}

import CPUBackend
import Datasets
import Foundation
import Graphs
import Training

/// Answers one request and ends. Exit code 0 says that it was answered, if only by a refusal.
@main
struct Worker {
    private static let replies = Replies()

    static func main() throws {
        guard let line = readLine(strippingNewline: true) else {
            FileHandle.standardError.write(
                Data("gc-bench-worker takes its request from gc-bench; run that instead\n".utf8))
            exit(EX_USAGE)
        }
        let request = try WorkerCoding.value(WorkerRequest.self, from: line)
        OrphanWatch.start()
        do {
            try answer(request)
        } catch {
            try replies.send(.refused("\(error)"))
        }
    }

    private static func answer(_ request: WorkerRequest) throws {
        switch request {
        case .train(let request): try train(request)
        case .survey(let request):
            let choice = BackendChoice(
                name: request.backend, precision: .float32, threads: request.threads)
            var survey = Survey(target: choice.target)
            try replies.send(.surveys(request.specifications.map { survey($0) }))
        case .plan(let request):
            let choice = BackendChoice(
                name: request.backend, precision: request.specification.graphPrecision,
                threads: request.threads)
            try replies.send(
                .plan(
                    try TrainingProgram.planText(
                        request.specification, target: choice.target)))
        case .step(let request):
            let choice = BackendChoice(
                name: request.backend, precision: request.specification.graphPrecision,
                threads: request.threads)
            try replies.send(.stepped(try choice.run(Step(request: request))))
        case .bench(let request):
            let choice = BackendChoice(
                name: request.backend, precision: request.specification.graphPrecision,
                threads: request.threads)
            let task = Measure(request: request, libraries: libraries)
            try replies.send(.benched(try choice.run(task)))
        case .peaks(let request):
            let choice = BackendChoice(
                name: request.backend, precision: .float32, threads: request.threads)
            try replies.send(.peaks(try choice.run(MeasurePeaks())))
        case .libraries: try replies.send(.libraries(libraries))
        }
    }

    /// Names and versions of what computes.
    private static var libraries: [String: String] {
        [
            "onednn": LibraryVersions.oneDNN, "openblas": LibraryVersions.openBLAS,
            "openblas_core": LibraryVersions.openBLASCore, "kernels": LibraryVersions.kernels,
        ]
    }

    private static func train(_ request: TrainRequest) throws {
        let specification = request.specification
        let data = try TrainingData(request)
        let choice = BackendChoice(
            name: request.backend, precision: specification.graphPrecision,
            threads: request.threads)
        try choice.run(Train(request: request, data: data, replies: replies))
    }
}

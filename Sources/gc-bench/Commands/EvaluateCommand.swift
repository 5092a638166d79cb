import ArgumentParser
import Datasets
import Foundation
import Scheduling
import Specifications
import Training

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Evaluate anyone's weights on the test images of a spec.",
        discussion: """
            The weights are safetensors or a PyTorch .pth, under torchvision's or timm's names, and \
            must be those of the spec's network. The logits file holds logits [N, classes] and \
            labels [N], in the order of the data set, and the names of the files as metadata.
            """)

    @OptionGroup var sweep: SweepOptions

    @Option(help: "A safetensors or PyTorch file.", completion: .file())
    var weights: String

    @Flag(help: "One JSON document on standard output.")
    var json = false

    @Option(help: "A safetensors file to write the logits to.", completion: .file())
    var logits: String?

    @Option(help: "reference or cpu; by default what has the spec's precision.")
    var backend: BackendName?

    @Option(help: "Threads that prepare images; any number gives the same result.")
    var loaderThreads = 1

    func validate() throws {
        if loaderThreads < 1 { throw ValidationError("--loader-threads must be at least 1") }
    }

    func run() async throws {
        try await reportingMistakes {
            let experiments = try sweep.experiments()
            let job = try sweep.onlyJob()
            let threads = job.threadsAlone
            let request = EvaluationRequest(
                job: EngineJob(job, backend: backend ?? job.standardBackend, threads: threads),
                weights: weights, dataRoot: try dataRoot(of: job, in: experiments),
                loaderThreads: loaderThreads, scores: logits)
            let summary = try await WorkerExecutable.worker(threads: threads).answer(
                .evaluate(request)
            ) { if case .evaluated(let summary) = $0 { summary } else { nil } }
            for note in summary.notes { Console.note("\(weights): \(note)") }
            Console.print(
                json ? try JSONDocument.text(EvaluationDocument(summary)) : summary.text)
        }
    }

    private func dataRoot(of job: JobSpecification, in experiments: [Experiment]) throws
        -> String?
    {
        if job.smoke { return nil }
        if let path = try sweep.dataRoots()[job.dataset.name] { return path }
        return try experiments.compactMap { $0.dataRoots[job.dataset.name] }.first?
            .resolved(environment: ProcessInfo.processInfo.environment)
    }
}

/// An evaluation as one JSON document; shares are in percent.
private struct EvaluationDocument: Encodable {
    let data: String
    let count: Int
    let accuracy: Double
    let top5Accuracy: Double?
    let loss: Double
    let weightsDigest: String

    init(_ summary: EvaluationSummary) {
        data = summary.data
        count = summary.count
        accuracy = summary.accuracy
        top5Accuracy = summary.top5Accuracy
        loss = summary.loss
        weightsDigest = summary.weightsDigest
    }
}

extension EvaluationSummary {
    fileprivate var text: String {
        let top5 = top5Accuracy.map { String(format: ", top-5 %.2f %%", $0) } ?? ""
        return "\(data)\n" + String(format: "accuracy %.2f %%", accuracy) + top5
            + String(format: ", loss %.4f\n", loss) + "weights \(weightsDigest)\n"
    }
}

import ArgumentParser
import Datasets
import Models
import Optimizers
import Scheduling
import Specifications
import Tensors
import Training

struct DescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Show a job's network layer by layer, its optimizer and its schedule.")

    @OptionGroup var sweep: SweepOptions

    @Flag(help: "Print the planned training step instead, an instruction a line.")
    var plan = false

    @Option(help: "The backend that the plan is for: reference or cpu.")
    var backend = BackendName.cpu

    func run() async throws {
        try await reportingMistakes {
            let job = try sweep.onlyJob()
            if plan { return Console.print(try await planText(of: job)) }
            Console.print(
                [
                    try layers(of: job), start(of: job), images(of: job),
                    OptimizerText.optimizer(of: job),
                    OptimizerText.schedule(of: job, stepsPerEpoch: job.declaredStepsPerEpoch),
                ].joined(separator: "\n"))
        }
    }

    private func planText(of job: JobSpecification) async throws -> String {
        let threads = job.threadsAlone
        return try await WorkerExecutable.worker(threads: threads).answer(
            .plan(EngineJob(job, backend: backend, threads: threads))
        ) { if case .plan(let text) = $0 { text } else { nil } }
    }

    /// Where the weights come from.
    private func start(of job: JobSpecification) -> String {
        let drawn = "drawn by `\(job.initialization.rawValue)`"
        guard let pretrained = job.pretrained else { return "initial weights: \(drawn)\n" }
        let digest = pretrained.digest.map { ", whose digest starts with \($0)" } ?? ""
        let classifier =
            switch job.classifierRule {
            case .startsAnew: "the classifier is \(drawn)"
            case .mayDiffer, .mustFit:
                "the classifier is \(drawn) where the file's is of other classes or features"
            }
        return "initial weights: \(pretrained.path)\(digest); \(classifier)\n"
    }

    private func images(of job: JobSpecification) -> String {
        let pipeline = job.pipeline
        return """
            training images: \(pipeline.training)
            test images: \(pipeline.evaluation)
            pixels: \(pipeline.normalization)

            """
    }

    private func layers(of job: JobSpecification) throws -> String {
        let facts = job.dataset.name.facts
        let graphs = NetworkGraphs(job, classCount: job.classCount)
        let layers = LayerTable(
            try graphs.forward(images: Shape([1] + job.imageShape.dimensions)))
        var table = TextTable([
            .left("layer"), .left("operation"), .left("output"), .right("parameters"),
            .right("multiply-adds"),
        ])
        for row in layers.rows {
            table.add([
                row.name, row.operation, "\(row.outputShape)", Units.grouped(row.parameters),
                Units.grouped(row.multiplyAdds),
            ])
        }
        table.add([
            "total", "", "", Units.grouped(layers.parameters), Units.grouped(layers.multiplyAdds),
        ])
        if layers.uncountedMultiplyAdds > 0 {
            let whole = layers.multiplyAdds + layers.uncountedMultiplyAdds
            table.add([
                "total with the covariance's matrix products", "", "", "", Units.grouped(whole),
            ])
        }
        return
            "\(job.backbone.rawValue + job.head.suffix) on \(facts.title), one image of \(job.imageShape)\n\n"
            + table.text
    }
}

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
                [try layers(of: job), try optimizer(of: job), schedule(of: job)]
                    .joined(separator: "\n"))
        }
    }

    private func planText(of job: JobSpecification) async throws -> String {
        let threads = job.threadsAlone
        return try await WorkerExecutable.worker(threads: threads).answer(
            .plan(EngineJob(job, backend: backend, threads: threads))
        ) { if case .plan(let text) = $0 { text } else { nil } }
    }

    private func layers(of job: JobSpecification) throws -> String {
        let facts = job.dataset.name.facts
        let graphs = NetworkGraphs(job, classCount: facts.classCount)
        let layers = LayerTable(
            try graphs.forward(images: Shape([1] + facts.imageShape.dimensions)))
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
        return "\(job.backbone.rawValue) on \(facts.title), one image of \(facts.imageShape)\n\n"
            + table.text
    }

    private func optimizer(of job: JobSpecification) throws -> String {
        let recipe = Recipe(job.optimizer, job.gradientCentralization)
        let rules = recipe.formula.split(separator: "\n").map { "  \($0)" }
        return "\(recipe.name): \(recipe)\n" + rules.joined(separator: "\n") + "\n"
    }

    /// The learning rate epoch by epoch: where it changes, and as a picture.
    private func schedule(of job: JobSpecification) -> String {
        let rates = (0..<job.epochs).map {
            job.optimizer.learningRate * job.schedule.factor(at: Double($0), of: job.epochs)
        }
        guard let highest = rates.max(), highest > 0 else { return "no epochs\n" }
        let bars = Array("▁▂▃▄▅▆▇█")
        let width = min(rates.count, 60)
        let picture = (0..<width).map { column in
            let rate = rates[column * rates.count / width]
            return bars[min(bars.count - 1, Int(rate / highest * Double(bars.count - 1) + 0.5))]
        }
        let changes = rates.indices.filter { $0 == 0 || rates[$0] != rates[$0 - 1] }
        let shown = changes.prefix(12).map { "  from epoch \($0 + 1): \(rates[$0])" }
        let more = changes.count > 12 ? ["  … and \(changes.count - 12) more changes"] : []
        return "learning rate over \(job.epochs) epochs, highest \(highest)\n  \(String(picture))\n"
            + (shown + more).joined(separator: "\n") + "\n"
    }
}

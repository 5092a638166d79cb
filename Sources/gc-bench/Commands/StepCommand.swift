public import ArgumentParser
import Scheduling
public import Training

struct StepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "step",
        abstract: "Run a number of training steps on given weights and one fixed batch.",
        discussion: """
            For comparing with any other framework. The batch file holds images (float32 or \
            float64 [N, 3, H, W], already normalized) and labels (int64 [N]). The output holds \
            every parameter and running statistic under torchvision's names, and loss [steps]. \
            Weights are safetensors or a PyTorch .pth, under torchvision's or timm's names. \
            Without --weights the spec's initialization and seed are used.
            """)

    @OptionGroup var sweep: SweepOptions

    @Option(help: "A safetensors or PyTorch file.", completion: .file())
    var weights: String?

    @Option(help: "A safetensors file with images and labels.", completion: .file())
    var batch: String

    @Option(help: "How many updates.")
    var steps: Int

    @Option(help: "The safetensors file to write.", completion: .file())
    var output: String

    @Option(help: "reference, cpu or cuda.")
    var backend = BackendName.cpu

    func validate() throws {
        if steps < 0 { throw ValidationError("--steps must not be negative") }
    }

    func run() async throws {
        try await reportingMistakes {
            let job = try sweep.onlyJob()
            let threads = job.threadsAlone
            let request = StepRequest(
                job: EngineJob(job, backend: backend, threads: threads), weights: weights,
                batch: batch, stepCount: steps, output: output)
            try await WorkerExecutable.worker(threads: threads).run(.step(request)) { reply in
                if case .event(.noted(let note)) = reply { Console.note(note) }
                guard case .stepped(let losses) = reply else { return }
                for (step, loss) in losses.enumerated() {
                    Console.note("step \(step): loss \(loss)")
                }
            }
        }
    }
}

extension BackendName: ExpressibleByArgument {}

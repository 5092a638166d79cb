import ArgumentParser
import Records
import Reports

struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Set two selections of jobs beside each other: B − A, with tests and verdict.",
        discussion: """
            A selection is the beginning of a job's id, a row as reports label it, or fields with \
            commas between them; a field that is named twice takes either value:

              gc-bench compare gc=none gc=gc
              gc-bench compare table=quickstart,gc=none table=quickstart,gc=gc,gc=gcc
              gc-bench compare optimizer.learning_rate=0.1 optimizer.learning_rate=0.2

            Jobs are paired by seed where each side has every seed once, else by row and seed, else \
            not at all. With --target the time to a value is compared too, a miss being infinite.
            """)

    @Argument(help: "The jobs to compare with.", completion: .selections)
    var first: String

    @Argument(help: "The jobs that are compared.", completion: .selections)
    var second: String

    @OptionGroup var storeOptions: StoreOptions

    @Option(help: "The metric; by default what reports show.", completion: .metrics)
    var metric: String?

    @Option(help: "The difference that would not matter, in points; 0.3 by default.")
    var margin: Double?

    @Option(
        help: ArgumentHelp(
            "Compare the training until this value is reached.", valueName: "metric=value"),
        completion: .metrics)
    var target: String?

    @Flag(help: "One JSON document on standard output.")
    var json = false

    func validate() throws {
        if let margin, !(margin > 0 && margin.isFinite) {
            throw ValidationError("--margin is a number greater than 0, not \(margin)")
        }
        if let target, Target(target) == nil {
            throw ValidationError("--target takes METRIC=VALUE, such as test_accuracy=70")
        }
    }

    func run() async throws {
        try await reportingMistakes {
            let store = try Store.openReadOnly(path: storeOptions.db)
            let comparison = try Comparison(
                JobSelector(first), JobSelector(second), among: try store.jobs(),
                question: .init(
                    metric: metric, margin: margin, target: target.flatMap { Target($0) }),
                measurements: store.measurements)
            Console.print(json ? try JSONDocument.text(comparison) : comparison.text)
        }
    }
}

import ArgumentParser

/// The command line.
@main
struct GCBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc-bench",
        abstract: "Measures whether Gradient Centralization helps, where, and by how much.",
        discussion: """
            A spec says what to compare; run trains it and records everything in SQLite; report \
            prints the tables.

              gc-bench run experiments/quickstart.spec
              gc-bench report
              sqlite3 Results/gc-bench.sqlite 'select * from results'

            Exit codes: 0 all done, 1 some job failed, 2 a mistake in spec, data or store, 64 wrong \
            usage, 130 interrupted.
            """,
        version: version,
        subcommands: [
            RunCommand.self, StatusCommand.self, PlanCommand.self, DescribeCommand.self,
            ReportCommand.self, CompareCommand.self, ListCommand.self, EvaluateCommand.self,
            StepCommand.self, BenchCommand.self,
            JudgeCommand.self, VerifyCommand.self, ExportCommand.self, MergeCommand.self,
            CheckCommand.self, DataCommand.self, SchemaCommand.self, DoctorCommand.self,
            DataBenchCommand.self, BenchRunnerCommand.self,
        ])

    static let version = "0.1.0"

    static func main() async {
        if let script = CompletionScript.asked(by: Array(CommandLine.arguments.dropFirst())) {
            return Console.print(script)
        }
        await main(nil)
    }
}

public import ArgumentParser
import Foundation
import Records
public import Reports

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Print the tables: published and measured figures, spread and verdict.")

    @OptionGroup var storeOptions: StoreOptions

    @Option(
        help: "A table's name, or all; by default the tables that have jobs.", completion: .tables)
    var table: String?

    @Option(help: "markdown, html, csv or json.")
    var format = ReportFormat.markdown

    @Option(
        name: .shortAndLong, help: "A file to write instead of standard output.",
        completion: .file())
    var output: String?

    func run() async throws {
        try await reportingMistakes {
            let store = try Store.openReadOnly(path: storeOptions.db)
            let selection: Report.Selection =
                switch table {
                case nil: .measured
                case "all": .all
                case .some(let name): .table(name)
                }
            let report = try Report(
                jobs: try store.jobs(), selection: selection, storePath: storeOptions.named)
            let text = report.text(format)
            guard let output else { return Console.print(text) }
            try Data(text.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
        }
    }
}

extension ReportFormat: ExpressibleByArgument {}

public import ArgumentParser
import Foundation
import Records
public import Reports

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Print the tables: published and measured figures, spread and verdict.",
        discussion: """
            The same store gives the same bytes. HTML is one page with tables, training curves and \
            throughput; a Markdown report that is written to a file has its curves beside it, as \
            SVG files. --check says whether a report that was written down still follows from the \
            store, and shows the first line that does not.

              gc-bench report --output Results/report.md
              gc-bench report --output report.html
              gc-bench report --check Results/report.md
            """)

    @OptionGroup var storeOptions: StoreOptions

    @Option(
        help: "A table's name, or all; by default the tables that have jobs.", completion: .tables)
    var table: String?

    @Option(help: "\(formatNames); by default what the file's name says, else markdown.")
    var format: ReportFormat?

    @Option(
        name: .shortAndLong, help: "A file to write instead of standard output.",
        completion: .file())
    var output: String?

    @Option(
        help: "A report written before, which must be what the store gives.", completion: .file())
    var check: String?

    private static let formatNames = ReportFormat.allCases.map(\.rawValue).joined(separator: ", ")

    func validate() throws {
        if check != nil, output != nil {
            throw ValidationError("--check only looks, --output writes: give one of them")
        }
    }

    func run() async throws {
        try await reportingMistakes {
            let format =
                format ?? (output ?? check).flatMap(ReportFormat.init(ofFile:)) ?? .markdown
            let report = try report(hasCurves: format.hasCurves)
            if let check { return try compare(report, format, with: check) }
            guard let output else { return Console.print(report.text(format)) }
            for file in ReportFiles(report, format, path: output).files {
                try Data(file.text.utf8).write(
                    to: URL(fileURLWithPath: file.path), options: .atomic)
            }
        }
    }

    private func report(hasCurves: Bool) throws -> Report {
        let store = try Store.openReadOnly(path: storeOptions.db)
        let selection: Report.Selection =
            switch table {
            case nil: .measured
            case "all": .all
            case .some(let name): .table(name)
            }
        return try Report(
            jobs: try store.jobs(), selection: selection, storePath: storeOptions.named,
            curves: hasCurves ? try store.curves(also: Report.extraCurves) : [])
    }

    /// The report may have been printed, without pictures, or written, with them.
    private func compare(_ report: Report, _ format: ReportFormat, with path: String) throws {
        let written = try String(contentsOfFile: path, encoding: .utf8)
        if written == report.text(format) { return }
        for file in ReportFiles(report, format, path: path).files {
            let text = try? String(contentsOfFile: file.path, encoding: .utf8)
            guard
                let difference = TextDifference(file.path, written: text ?? "", current: file.text)
            else { continue }
            Console.note("\(difference)")
            throw ExitCode.mistake
        }
    }
}

extension ReportFormat: ExpressibleByArgument {
    /// What the ending of a file's name says; nil if it says nothing.
    fileprivate init?(ofFile path: String) {
        let ending = URL(fileURLWithPath: path).pathExtension.lowercased()
        guard let format = Self.allCases.first(where: { $0.fileExtension == ending }) else {
            return nil
        }
        self = format
    }
}

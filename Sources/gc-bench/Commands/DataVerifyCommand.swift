import ArgumentParser
import Datasets
import Foundation

struct DataVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read all of a data set and say what is wrong with it.",
        discussion: """
            Every image is decoded, counted and digested; archives beside the data and files of the \
            official release are compared with their published digests where there are any. A subset \
            of the official set is sound and is said to be one. Exit code 0 says that nothing is \
            wrong, 2 that something is.
            """)

    @Argument(
        help: ArgumentHelp(
            "Data sets and their folders, or the parents: cifar10=PATH.", valueName: "name=path"))
    var data: [String]

    @Flag(help: "Anything but the official set is wrong.")
    var official = false

    @Flag(help: "One JSON document on standard output.")
    var json = false

    func run() async throws {
        try await reportingMistakes {
            let roots = try DataOption.roots(data, "data verify")
            let reports = roots.sorted { $0.key.rawValue < $1.key.rawValue }
                .map { report($0.key, $0.value) }
            Console.print(
                json
                    ? try JSONDocument.text(["datasets": reports])
                    : reports.map(\.text).joined(separator: "\n\n"))
            if reports.contains(where: { !$0.faults.isEmpty }) { throw ExitCode.mistake }
        }
    }

    private func report(_ name: DatasetName, _ root: String) -> DataReport {
        let meter = CountMeter("\(name.rawValue): images read")
        defer { meter.end() }
        do {
            let found = try DataVerifier(name, root: root) { meter.show($0, of: $1) }.verify()
            return DataReport(found, path: root, mustBeOfficial: official)
        } catch {
            return DataReport(name, path: root, error: error)
        }
    }
}

/// What a person or a program is told about a data set.
struct DataReport: Encodable {
    let name: String
    let path: String
    var layout: String?
    var origin: String?
    var classes: Int?
    var training: Int?
    var test: Int?
    var contentSHA256: String?
    var manifest: String?
    var faults: [String]
    var notes: [String] = []
    private var summary: String

    enum CodingKeys: String, CodingKey {
        case name, path, layout, origin, classes, training, test, manifest, faults, notes
        case contentSHA256 = "content_sha256"
    }

    init(_ found: DataVerification, path: String, mustBeOfficial: Bool) {
        let provenance = found.provenance
        name = found.name.rawValue
        self.path = path
        layout = provenance.format.rawValue
        origin = provenance.origin.rawValue
        (classes, training, test) = (found.classCount, found.trainingCount, found.testCount)
        contentSHA256 = found.contentDigest
        manifest = provenance.manifestDigest
        faults = found.faults
        if mustBeOfficial, !provenance.isOfficial {
            faults.append("this is not the official set, as far as layout, counts and sizes tell")
        }
        notes = found.notes
        summary = """
            \(provenance): \(Units.grouped(found.trainingCount)) training and \
            \(Units.grouped(found.testCount)) test images of \(found.classCount) classes
            """
    }

    init(_ name: DatasetName, path: String, error: any Error) {
        self.name = name.rawValue
        self.path = path
        faults = ["\(error)"]
        summary = "\(name.rawValue): cannot be read"
    }

    var text: String {
        let digest = contentSHA256.map { ["  content sha256 \($0)"] } ?? []
        let verdict = faults.isEmpty ? ["ok   nothing is wrong"] : faults.map { "BAD  \($0)" }
        return ([summary] + digest + notes.map { "  note \($0)" } + verdict.map { "  \($0)" })
            .joined(separator: "\n")
    }
}

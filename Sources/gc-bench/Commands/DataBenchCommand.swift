import ArgumentParser
import Datasets
import Foundation

struct DataBenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench-data",
        abstract: "Measure how fast training images are read, decoded and prepared.",
        discussion: """
            Nothing is trained. Modes take turns; the median of the rounds is shown, per second of \
            processor time (per core) and of wall time.
            """)

    @Option(name: .long, help: ArgumentHelp("The images.", valueName: "name=path"))
    var data: String

    @Option(help: "The pipeline: \(choices).", transform: choice)
    var augmentation = AugmentationChoice.standard

    @Option(help: "Loader threads.")
    var threads = 1

    @Option(help: "Images per batch.")
    var batchSize = 32

    @Option(help: "Seconds per mode and round.")
    var seconds = 3.0

    @Option(help: "How often each mode is measured.")
    var rounds = 5

    @Flag(help: "One JSON document on standard output.")
    var json = false

    private static let choices = AugmentationChoice.allCases.map(\.rawValue).joined(separator: ", ")

    @Sendable private static func choice(_ text: String) throws -> AugmentationChoice {
        guard let choice = AugmentationChoice(rawValue: text) else {
            throw ValidationError("--augmentation: no '\(text)'; there are \(choices)")
        }
        return choice
    }

    func validate() throws {
        guard seconds > 0, seconds <= 60 else {
            throw ValidationError("--seconds must be above 0 and at most 60")
        }
        guard (1...100).contains(rounds), threads > 0, batchSize > 0 else {
            throw ValidationError("--rounds (to 100), --threads and --batch-size are at least 1")
        }
    }

    func run() async throws {
        try await reportingMistakes {
            let roots = try DataOption.roots([data])
            guard let (name, root) = roots.first else { return }
            let dataset = try name.open(root: root, split: .training)
            var speeds: [DecodeMode: [PipelineSpeed]] = [:]
            for round in 0..<rounds {
                let modes = DecodeMode.allCases
                for mode in round.isMultiple(of: 2) ? modes : modes.reversed() {
                    speeds[mode, default: []].append(
                        try .measure(dataset, configuration(name, mode, dataset), seconds: seconds))
                }
            }
            let entries = DecodeMode.allCases.map { Entry($0, speeds[$0] ?? [], threads) }
            Console.print(
                json ? try document(entries, dataset) : text(entries, name, dataset))
        }
    }

    private func configuration(_ name: DatasetName, _ mode: DecodeMode, _ dataset: Dataset)
        -> LoaderConfiguration
    {
        var configuration = LoaderConfiguration.training(
            name.pipeline(augmentation), batchSize: min(batchSize, dataset.count), seed: 0,
            dropsLast: false)
        configuration.decode = mode
        configuration.threads = threads
        return configuration
    }

    private struct Entry: Codable {
        let decode: DecodeMode
        let threads: Int
        let imagesPerSecondPerCore: Double
        let imagesPerSecond: Double

        init(_ decode: DecodeMode, _ speeds: [PipelineSpeed], _ threads: Int) {
            func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
            self.decode = decode
            self.threads = threads
            imagesPerSecondPerCore = median(speeds.map { Double($0.imageCount) / $0.coreSeconds })
            imagesPerSecond = median(speeds.map { Double($0.imageCount) / $0.wallSeconds })
        }
    }

    private struct Document: Codable {
        let data: String
        let augmentation: String
        let modes: [Entry]
        let machine: [String: String]
    }

    private func document(_ entries: [Entry], _ dataset: Dataset) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let document = Document(
            data: "\(dataset.provenance)",
            augmentation: "\(dataset.name.pipeline(augmentation).training)", modes: entries,
            machine: MachineDescription.current().facts)
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }

    private func text(_ entries: [Entry], _ name: DatasetName, _ dataset: Dataset) -> String {
        var table = TextTable([
            .left("decode"), .right("images/s per core"), .right("images/s, \(threads) threads"),
        ])
        for entry in entries {
            table.add([
                entry.decode.rawValue, Units.fixed(entry.imagesPerSecondPerCore, 0),
                Units.fixed(entry.imagesPerSecond, 0),
            ])
        }
        return "\(dataset.provenance): \(dataset.count) photos\n"
            + "\(name.pipeline(augmentation).training)\n\n\(table.text)"
    }
}

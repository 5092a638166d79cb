import ArgumentParser
import Checkpoints
import Foundation
import Records

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a finished job's weights, in torchvision's names, to a safetensors file.",
        discussion: """
            Weights are kept by `run --keep-weights`; `verify JOB --keep-weights` trains a job \
            again and keeps those.
            """)

    @Argument(help: "The job's id, or its first letters.", completion: .jobs)
    var job: String

    @Option(name: .shortAndLong, help: "The file to write.", completion: .file())
    var output: String

    @OptionGroup var storeOptions: StoreOptions

    func run() async throws {
        try await reportingMistakes {
            let store = try Store.openReadOnly(path: storeOptions.db)
            let record = try JobSelection(store: store).job(job)
            let path = storeOptions.files.weights(of: record.job.id)
            guard record.state.isDone, FileManager.default.fileExists(atPath: path) else {
                throw MissingWeights(record, advice: storeOptions.advice)
            }
            let weights = try KeptWeights(path: path)
            guard weights.digest == record.attempt?.weightsDigest else {
                throw DamagedWeights(path: path)
            }
            try weights.write(to: URL(fileURLWithPath: output).path)
        }
    }
}

private struct MissingWeights: Error, CustomStringConvertible {
    let description: String

    init(_ record: JobRecord, advice: String) {
        let id = record.job.id
        description =
            record.state.isDone
            ? "job \(id): its weights were not kept; `gc-bench verify \(id) --keep-weights"
                + "\(advice)` trains it again and keeps them"
            : "job \(id) is \(record.state.rawValue) and has no final weights"
    }
}

private struct DamagedWeights: Error, CustomStringConvertible {
    let path: String

    var description: String {
        "\(path): is damaged; remove it and run `gc-bench verify --keep-weights` on the job"
    }
}

import ArgumentParser
import Checkpoints
import Foundation
import Records

struct MergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Bring the jobs and results of other stores into this one.",
        discussion: """
            The other stores are only read. Merging again changes nothing, and the order does not \
            matter. Attempts that have not ended stay where they run.
            """)

    @Argument(help: "Other stores.", completion: .file(extensions: ["sqlite"]))
    var others: [String]

    @OptionGroup var storeOptions: StoreOptions

    func validate() throws {
        if others.isEmpty { throw ValidationError("name at least one other store") }
    }

    func run() async throws {
        try await reportingMistakes {
            let store = try Store.open(path: storeOptions.db)
            for other in others {
                let summary = try store.merge(other)
                try copyWeights(from: JobFiles(besideStore: other))
                Console.note(
                    "\(other): \(summary.newJobs) new jobs, \(summary.newAttempts) new results")
            }
            try store.close()
        }
    }

    /// Weights that were kept over there and are not here.
    private func copyWeights(from other: JobFiles) throws {
        let files = storeOptions.files
        for job in Set(other.jobsWithWeights).subtracting(files.jobsWithWeights) {
            try KeptWeights(path: other.weights(of: job)).write(to: files.weights(of: job))
        }
    }
}

import ArgumentParser
import Checkpoints
import Records

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look for damage in a store and in the files beside it.",
        discussion: """
            Every row is sealed when it is written, and every file carries its digest. Exit code 0 \
            says that all is as it was written, 2 that something is not.
            """)

    @OptionGroup var storeOptions: StoreOptions

    @Flag(help: "One JSON document on standard output.")
    var json = false

    func run() async throws {
        try await reportingMistakes {
            let store = try Store.openReadOnly(path: storeOptions.db)
            let rows = try store.damage()
            let files = rows.isEmpty ? try fileDamage(store) : []
            let damage = rows + files
            if json {
                Console.print(try JSONDocument.text(["damage": damage]))
            } else {
                let count = rows.isEmpty ? try store.states().count : 0
                Console.print(
                    damage.isEmpty
                        ? "\(storeOptions.db): \(count) jobs, all sound"
                        : damage.joined(separator: "\n"))
            }
            if !damage.isEmpty { throw ExitCode.mistake }
        }
    }

    /// Checkpoints of jobs that have not ended, and weights of those that have.
    private func fileDamage(_ store: Store) throws -> [String] {
        let files = storeOptions.files
        let digests = Dictionary(
            try store.jobs().map { ($0.job.id, $0.attempt?.weightsDigest) }
        ) { first, _ in first }
        let checkpoints = files.checkpointedJobs.flatMap {
            files.checkpoints(of: $0).contents().damage
        }
        let weights = files.jobsWithWeights.compactMap { job -> String? in
            let path = files.weights(of: job)
            guard let expected = digests[job] ?? nil else {
                return "\(path): belongs to no finished job of this store"
            }
            do {
                let found = try KeptWeights(path: path).digest
                return found == expected ? nil : "\(path): its weights are not those of the job"
            } catch { return "\(error)" }
        }
        return checkpoints + weights
    }
}

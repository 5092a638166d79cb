import ArgumentParser
import Checkpoints
import Foundation
import Records

/// Where results are kept.
struct StoreOptions: ParsableArguments {
    @Option(name: .long, help: "The SQLite store.", completion: .file(extensions: ["sqlite"]))
    var db = Store.defaultPath

    /// nil for the default place, which commands need not name.
    var named: String? { db == Store.defaultPath ? nil : db }

    /// The option as it is repeated in advice; empty for the default place.
    var advice: String { named.map { " --db \($0)" } ?? "" }

    var exists: Bool { FileManager.default.fileExists(atPath: db) }

    /// The files beside the store.
    var files: JobFiles { JobFiles(besideStore: URL(fileURLWithPath: db).path) }
}

/// Jobs as they are named on the command line.
struct JobSelection {
    let store: Store

    /// The one job whose id starts so.
    ///
    /// - Throws: ``JobSelectionError`` when there is none or more than one.
    func job(_ prefix: String) throws -> JobRecord {
        let found = try store.jobs().filter { $0.job.id.hasPrefix(prefix.lowercased()) }
        guard let job = found.first else { throw JobSelectionError.unknown(prefix) }
        let ids = Set(found.map(\.job.id))
        guard ids.count == 1 else { throw JobSelectionError.ambiguous(prefix, count: ids.count) }
        return job
    }
}

enum JobSelectionError: Error, CustomStringConvertible {
    case unknown(String)
    case ambiguous(String, count: Int)

    var description: String {
        switch self {
        case .unknown(let prefix):
            "the store has no job '\(prefix)'; `gc-bench status` lists its jobs"
        case .ambiguous(let prefix, let count):
            "\(count) jobs start with '\(prefix)'; give more of the id"
        }
    }
}

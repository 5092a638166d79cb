import Foundation

/// Where the files of a store's jobs lie: beside the store, in folders named after it.
public struct JobFiles: Hashable, Sendable {
    private let store: String

    public init(besideStore path: String) { store = path }

    /// Checkpoints of jobs that have not ended.
    public var checkpointRoot: String { store + ".checkpoints" }

    /// Weights that were asked to be kept.
    public var weightsRoot: String { store + ".weights" }

    public func checkpoints(of job: String) -> CheckpointFolder {
        CheckpointFolder(path: "\(checkpointRoot)/\(job)")
    }

    public func weights(of job: String) -> String { "\(weightsRoot)/\(job).safetensors" }

    /// The jobs that have a folder of checkpoints.
    public var checkpointedJobs: [String] { names(in: checkpointRoot) }

    /// The jobs whose weights were kept.
    public var jobsWithWeights: [String] {
        names(in: weightsRoot).filter { $0.hasSuffix(Self.ending) }
            .map { String($0.dropLast(Self.ending.count)) }
    }

    private static let ending = ".safetensors"

    private func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }
}

public import Foundation
import Tensors

/// The file is a safetensors file, so any tool can look into it; the rest is its metadata.
extension Checkpoint {
    private static let format = "gc-bench checkpoint 1"

    /// The file's bytes.
    public func encoded() -> Data {
        var metadata = self.metadata
        metadata["digest"] = digest
        return Safetensors(tensors, metadata: metadata).encoded()
    }

    /// Reads and checks a whole file.
    ///
    /// - Throws: ``CheckpointDamage`` for anything but the bytes that were written.
    public init(decoding file: Data) throws(CheckpointDamage) {
        let contents: Safetensors
        do throws(SafetensorsError.Problem) {
            contents = try Safetensors(decoding: file)
        } catch {
            throw CheckpointDamage("\(error)")
        }
        guard contents.metadata["format"] == Self.format else {
            throw CheckpointDamage("it is not a \(Self.format)")
        }
        guard let job = contents.metadata["job"],
            let step = contents.metadata["step"].flatMap(Int.init),
            let engine = contents.metadata["engine"], let progress = contents.metadata["progress"]
        else { throw CheckpointDamage("its header lacks job, step, engine or progress") }
        self.init(
            job: job, step: step, engine: engine, progress: progress, tensors: contents.tensors)
        guard contents.metadata["digest"] == digest else {
            throw CheckpointDamage("its contents do not match their digest")
        }
    }

    private var metadata: [String: String] {
        [
            "format": Self.format, "job": job, "step": "\(step)", "engine": engine,
            "progress": progress,
        ]
    }

    /// Of the metadata and of every tensor.
    private var digest: String {
        let words = metadata.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }
        return TensorDigest.digest(of: tensors, after: words.joined(separator: "\n"))
    }
}

/// What is wrong with a checkpoint's file.
public struct CheckpointDamage: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

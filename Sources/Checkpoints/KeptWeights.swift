import Foundation
public import Tensors

/// The final weights of a job, under torchvision's names.
public struct KeptWeights: Hashable, Sendable {
    public let job: String
    public let tensors: [String: HostTensor]

    public init(job: String, tensors: [String: HostTensor]) {
        self.job = job
        self.tensors = tensors
    }

    /// As `results.weights_digest` has it.
    public var digest: String { TensorDigest.digest(of: tensors) }

    /// Writes the file; durable when it returns.
    public func write(to path: String, on disk: some Disk = LocalDisk()) throws(DiskError) {
        try disk.makeFolder((path as NSString).deletingLastPathComponent)
        let metadata = ["format": Self.format, "job": job, "weights_digest": digest]
        try disk.replace(path, with: Safetensors(tensors, metadata: metadata).encoded())
    }

    /// - Throws: ``SafetensorsError`` for what is no file of tensors.
    public init(path: String) throws(SafetensorsError) {
        let file = try Safetensors(path: path)
        self.init(job: file.metadata["job"] ?? "", tensors: file.tensors)
    }

    private static let format = "gc-bench weights 1"
}

import Foundation
public import Tensors

/// A file of weights, whoever wrote it: safetensors, or a `.pth` or `.pt` of PyTorch.
///
/// Nothing in a file is executed, and the memory that reading takes is bounded by its length.
public struct WeightsFile: Hashable, Sendable {
    public let path: String
    public let format: WeightsFormat
    /// The tensors under the names of the network that was saved, without the prefixes that
    /// wrappers put before them; half precision is widened to float32.
    public let tensors: [String: HostTensor]
    /// What was done to get there, a sentence each.
    public let notes: [String]

    /// Reads and checks a whole file.
    ///
    /// - Throws: ``WeightsError`` naming the file, and the offset of what is wrong.
    public init(path: String) throws(WeightsError) {
        do {
            try self.init(decoding: try Self.contents(of: path), path: path, checking: .checked)
        } catch {
            throw WeightsError(path: path, problem: error)
        }
    }

    package init(
        decoding bytes: [UInt8], path: String, checking checksums: ZipChecksums = .checked
    ) throws(WeightsProblem) {
        self.path = path
        format = try WeightsFormat(of: bytes)
        var contents: StateDictionary
        switch format {
        case .safetensors: contents = try StateDictionary(safetensors: bytes)
        case .torch: contents = try StateDictionary(torch: TorchArchive(bytes, checksums))
        }
        contents.removePrefixes()
        tensors = contents.tensors
        notes = contents.notes
    }

    /// Larger than the weights of any network there is; what is larger is not read into memory.
    static let largestByteCount = 16 << 30

    private static func contents(of path: String) throws(WeightsProblem) -> [UInt8] {
        let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved) else {
            throw .unreadable("there is no such file")
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular,
            let byteCount = (attributes[.size] as? NSNumber)?.intValue
        else { throw .unreadable("it is not a regular file") }
        guard byteCount <= largestByteCount else {
            throw .unreadable("it has \(byteCount) bytes, more than any file of weights")
        }
        do {
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .unreadable(error.systemReason)
        }
    }
}

extension String {
    /// PyTorch counts the batches that a norm has seen; nothing depends on it.
    public var isBatchCounter: Bool { self == Self.counter || hasSuffix("." + Self.counter) }

    private static let counter = "num_batches_tracked"
}

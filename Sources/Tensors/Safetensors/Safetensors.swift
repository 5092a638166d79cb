import Foundation

/// A safetensors file: named tensors and a few words about them.
///
/// Eight bytes with the length of a JSON header, the header, then the tensors' bytes without gaps.
///
/// *Reference:* huggingface/safetensors, "Format" in its README; this reader is as strict as its
/// `validate`.
public struct Safetensors: Hashable, Sendable {
    public let tensors: [String: HostTensor]
    /// What the header says under `__metadata__`.
    public let metadata: [String: String]

    public init(_ tensors: [String: HostTensor], metadata: [String: String] = [:]) {
        self.tensors = tensors
        self.metadata = metadata
    }

    /// Reads and checks a whole file.
    ///
    /// Throws ``SafetensorsError``.
    public init(path: String) throws(SafetensorsError) {
        do {
            self = try Safetensors(decoding: try Self.contents(of: path))
        } catch {
            throw SafetensorsError(path: path, problem: error)
        }
    }

    /// The tensors of a file.
    ///
    /// Throws ``SafetensorsError``.
    public static func read(_ path: String) throws(SafetensorsError) -> [String: HostTensor] {
        try Safetensors(path: path).tensors
    }

    /// Writes `tensors` to a file; there is the whole file or, after an error, none or the old one.
    ///
    /// Throws ``SafetensorsError``.
    public static func write(
        _ tensors: [String: HostTensor], metadata: [String: String] = [:], to path: String
    ) throws(SafetensorsError) {
        try Safetensors(tensors, metadata: metadata).write(to: path)
    }

    /// Throws ``SafetensorsError``.
    public func write(to path: String) throws(SafetensorsError) {
        if tensors[Self.metadataKey] != nil {
            throw SafetensorsError(path: path, problem: .reservedName)
        }
        do {
            try encoded().write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw SafetensorsError(path: path, problem: .unwritable(error.systemReason))
        }
    }

    private static func contents(of path: String) throws(SafetensorsError.Problem) -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw .unreadable(error.systemReason)
        }
    }

    static let metadataKey = "__metadata__"

    /// A longer header than this is taken for a file of another kind.
    static let largestHeader = 100_000_000
}

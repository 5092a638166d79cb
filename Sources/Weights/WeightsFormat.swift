/// The formats of weights files that are read; a file's first bytes tell which it is.
public enum WeightsFormat: String, Hashable, Sendable, CaseIterable {
    case safetensors
    /// A ZIP archive with a pickle and the bytes of the tensors: PyTorch 1.6 and later.
    case torch

    /// - Throws: `otherFormat` for what can be recognized and is not read.
    init(of bytes: [UInt8]) throws(WeightsProblem) {
        if Self.isSafetensors(bytes) {
            self = .safetensors
        } else if bytes.starts(with: [0x50, 0x4B, 3, 4]) {
            self = .torch
        } else if let other = Self.others.first(where: { $0.isFormat(of: bytes) }) {
            throw .otherFormat(other.name, advice: other.advice)
        } else {
            self = .safetensors
        }
    }

    /// safetensors opens with a length of any bytes, which may look like another format's magic,
    /// and a brace.
    private static func isSafetensors(_ bytes: [UInt8]) -> Bool {
        bytes.dropFirst(8).first == UInt8(ascii: "{")
    }

    private struct Other {
        let name: String
        let offset: Int
        let magic: [UInt8]
        let advice: String

        func isFormat(of bytes: [UInt8]) -> Bool {
            bytes.dropFirst(offset).starts(with: magic)
        }
    }

    private static let others = [
        // The pickled magic number that opened PyTorch's files before version 1.6.
        Other(
            name: "a PyTorch file from before version 1.6", offset: 0,
            magic: [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19],
            advice: resave),
        Other(
            name: "a PyTorch file from before version 0.1.10 (a tar archive)", offset: 257,
            magic: Array("ustar".utf8), advice: resave),
        Other(
            name: "a bare pickle", offset: 0, magic: [0x80],
            advice: "save the state dict with torch.save or as safetensors"),
        Other(
            name: "an HDF5 file", offset: 0, magic: [0x89] + Array("HDF".utf8),
            advice: "load it where it was made and save the weights as safetensors"),
        Other(
            name: "compressed with gzip", offset: 0, magic: [0x1F, 0x8B], advice: "unpack it"),
    ]

    private static let resave =
        "if you trust it, convert it in Python: "
        + "torch.save(torch.load(OLD, map_location='cpu', weights_only=True), NEW)"
}

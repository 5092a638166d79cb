import Crypto
import Foundation
import Tensors

/// Digests of files, read piece by piece.
enum FileDigests {
    static func sha256(_ path: String) throws(DatasetError) -> String {
        hexadecimal(try digest(path, SHA256()))
    }

    /// MD5 is what was published; it tells damage, not malice.
    static func md5(_ path: String) throws(DatasetError) -> String {
        hexadecimal(try digest(path, Insecure.MD5()))
    }

    static func matches(_ checksum: OfficialChecksum, _ path: String) throws(DatasetError) -> Bool {
        switch checksum.digest {
        case .md5(let expected): try md5(path) == expected
        case .sha256(let expected): try sha256(path) == expected
        }
    }

    static func hexadecimal<Bytes: Sequence<UInt8>>(_ bytes: Bytes) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func digest<Function: HashFunction>(
        _ path: String, _ function: Function
    ) throws(DatasetError) -> Function.Digest {
        var function = function
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
                function.update(data: piece)
            }
        } catch {
            throw .unreadableFile(path: path, reason: error.systemReason)
        }
        return function.finalize()
    }
}

import Crypto
public import Tensors

/// Names a set of tensors by their content.
public enum TensorDigest {
    /// SHA-256, in hexadecimal, over the tensors in the order of their names: name, format, shape
    /// and row-major bytes.
    ///
    /// - Parameter preamble: words that the digest covers besides; they come first.
    public static func digest(of tensors: [String: HostTensor], after preamble: String = "")
        -> String
    {
        var hash = SHA256()
        hash.update(data: Array(preamble.utf8))
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
            hash.update(data: Array("\(name) \(tensor.spec)\n".utf8))
            hash.update(data: tensor.bytes)
        }
        return hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

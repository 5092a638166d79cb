import Crypto
public import Tensors

/// Names a set of weights by their content.
public enum WeightsDigest {
    /// SHA-256, in hexadecimal, over the tensors in the order of their names: name, format, shape
    /// and row-major bytes.
    public static func digest(of tensors: [String: HostTensor]) -> String {
        var hash = SHA256()
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

public import Foundation

extension Safetensors {
    /// The file's bytes, the same for the same tensors on every machine.
    ///
    /// Tensors lie in the order of their element size, largest first, then of their names, and the
    /// header is padded with spaces to a multiple of eight bytes: every tensor is aligned.
    public func encoded() -> Data {
        let ordered = tensors.sorted {
            ($1.value.scalarType.byteCount, $0.key) < ($0.value.scalarType.byteCount, $1.key)
        }
        let header = header(of: ordered)
        var file = Data(
            capacity: 8 + header.count + ordered.reduce(0) { $0 + $1.value.bytes.count })
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { file.append(contentsOf: $0) }
        file.append(contentsOf: header)
        for (_, tensor) in ordered { file.append(contentsOf: tensor.bytes) }
        return file
    }

    private func header(of ordered: [(key: String, value: HostTensor)]) -> [UInt8] {
        var entries: [String] = []
        if !metadata.isEmpty {
            let words = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0)):\(quoted($1))" }
            entries.append("\(quoted(Self.metadataKey)):{\(words.joined(separator: ","))}")
        }
        var end = 0
        for (name, tensor) in ordered {
            let start = end
            end += tensor.bytes.count
            let shape = tensor.shape.dimensions.map(String.init).joined(separator: ",")
            entries.append(
                "\(quoted(name)):{\"dtype\":\"\(tensor.scalarType.safetensorsName)\","
                    + "\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}")
        }
        let text = Array("{\(entries.joined(separator: ","))}".utf8)
        return text + Array(repeating: 0x20, count: (8 - text.count % 8) % 8)
    }

    private func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\u{8}": "\\b"
            case "\u{C}": "\\f"
            case "\n": "\\n"
            case "\r": "\\r"
            case "\t": "\\t"
            case "\u{0}"..."\u{1F}": "\\u" + hexadecimal(scalar.value)
            default: String(scalar)
            }
        }
        return "\"" + escaped.joined() + "\""
    }

    private func hexadecimal(_ number: UInt32) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}

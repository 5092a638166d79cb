/// A safetensors file that cannot be read or written.
public struct SafetensorsError: Error, Hashable, CustomStringConvertible {
    public let path: String
    public let problem: Problem

    public var description: String { "\(path): \(problem)" }

    /// What is wrong with the file.
    public enum Problem: Error, Hashable, CustomStringConvertible {
        case unreadable(String)
        case unwritable(String)
        /// The file has fewer bytes than the header length takes.
        case tooShort(byteCount: Int)
        case headerLength(UInt64, byteCount: Int)
        /// The header is not the JSON that the format asks for.
        case header(String, at: Int)
        case repeatedName(String)
        case unknownFormat(String, tensor: String)
        case impossibleShape(tensor: String)
        /// The offsets do not span what format and shape take.
        case span(tensor: String, takes: Int, spans: String)
        /// Bytes that no tensor or more than one claims.
        case layout(String)
        case reservedName

        public var description: String {
            switch self {
            case .unreadable(let reason): "cannot be read: \(reason)"
            case .unwritable(let reason): "cannot be written: \(reason)"
            case .tooShort(let count): "has \(count) bytes, fewer than any safetensors file"
            case .headerLength(let length, let count):
                "announces a header of \(length) bytes in a file of \(count); "
                    + "it is cut off or not a safetensors file"
            case .header(let problem, let offset): "header, byte \(offset): \(problem)"
            case .repeatedName(let name): "'\(name)' occurs twice in the header"
            case .unknownFormat(let format, let tensor):
                "'\(tensor)' is of dtype \(format); "
                    + "known are \(ScalarType.safetensorsNames.joined(separator: ", "))"
            case .impossibleShape(let tensor): "'\(tensor)' is larger than any memory"
            case .span(let tensor, let byteCount, let spans):
                "'\(tensor)' takes \(byteCount) bytes, but its data_offsets are \(spans)"
            case .layout(let problem): problem
            case .reservedName: "'__metadata__' cannot be the name of a tensor"
            }
        }
    }
}

extension ScalarType {
    /// What the format calls this type.
    var safetensorsName: String {
        switch self {
        case .float64: "F64"
        case .float32: "F32"
        case .bfloat16: "BF16"
        case .int64: "I64"
        case .int32: "I32"
        case .uint8: "U8"
        }
    }

    init?(safetensorsName name: String) {
        guard let type = Self.allCases.first(where: { $0.safetensorsName == name }) else {
            return nil
        }
        self = type
    }

    fileprivate static var safetensorsNames: [String] {
        (allCases.map(\.safetensorsName) + [HalfPrecision.safetensorsName]).sorted()
    }
}

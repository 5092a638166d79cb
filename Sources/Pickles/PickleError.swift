/// Why a pickle was not read.
public struct PickleError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// It names something that is not on the whitelist.
        case forbiddenName(String, vocabulary: PickleVocabulary)
        case forbiddenOpcode(UInt8)
        /// A whitelisted function is asked for something else than plain data.
        case forbiddenCall(String)
        case truncated(needed: Int, available: Int)
        case trailingBytes(Int)
        case malformed(String)
        case limitExceeded(String)
    }

    public let reason: Reason
    /// Where in the file the refused instruction starts.
    public let offset: Int

    /// The same error in a file that holds the pickle from `start` on.
    package func moved(by start: Int) -> PickleError {
        PickleError(reason: reason, offset: offset + start)
    }

    public var description: String { "Pickle refused at offset \(offset): \(reason)." }
}

extension PickleError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .forbiddenName(let name, let vocabulary):
            "it asks for \(name), and only \(vocabulary.words) are read"
        case .forbiddenOpcode(let byte):
            "instruction 0x\(String(byte, radix: 16)) is not one that plain data need"
        case .forbiddenCall(let what): what
        case .truncated(let needed, let available):
            "the file is cut off: \(needed) bytes are needed and \(available) are left"
        case .trailingBytes(let count): "\(count) bytes follow the end of the pickle"
        case .malformed(let what): what
        case .limitExceeded(let what): what
        }
    }
}

public import Pickles

/// Why a data set cannot be read or loaded.
public enum DatasetError: Error, Hashable, Sendable {
    /// The data are not where they were looked for (`[]`: no folder was given).
    case notFound(DatasetName, lookedAt: [String])
    /// Some files of the set are there, but not this one.
    case missingFile(DatasetName, path: String)
    case unreadableFile(path: String, reason: String)
    /// The length of a binary file is not a whole, positive number of rows.
    case wrongLength(path: String, byteCount: Int, rowByteCount: Int)
    case labelOutOfRange(path: String, row: Int, label: Int, classCount: Int)
    /// The pickle asks for something that is not on the whitelist, or is damaged.
    case refusedPickle(path: String, PickleError)
    /// The file is whole but is not what its name promises.
    case unexpectedContent(path: String, reason: String)
    /// A folder was given for a data set that the program draws.
    case takesNoFolder(DatasetName, path: String)
    /// A photo cannot be decoded.
    case faultyPhoto(path: String, PhotoFault)
    /// The folders are not those of the data set's classes.
    case wrongClassCount(DatasetName, path: String, found: Int)
    /// A size that must be positive is not.
    case notPositive(what: String, value: Int)
    case batchLargerThanDataset(batchSize: Int, count: Int)
}

extension DatasetError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notFound(let name, let lookedAt): Self.notFound(name, lookedAt)
        case .missingFile(let name, let path):
            "\(path): no such file, though others of \(name.rawValue) are beside it. "
                + "The folder must hold \(name.facts.layout)."
        case .unreadableFile(let path, let reason): "\(path): cannot be read: \(reason)."
        case .wrongLength(let path, let byteCount, let rowByteCount):
            Self.wrongLength(path, byteCount, rowByteCount)
        case .labelOutOfRange(let path, let row, let label, let classCount):
            "\(path): row \(row) has label \(label); labels are 0 to \(classCount - 1). \(Self.again)"
        case .refusedPickle(let path, let error): "\(path): \(error) \(Self.again)"
        case .unexpectedContent(let path, let reason): "\(path): \(reason). \(Self.again)"
        case .takesNoFolder(let name, let path):
            "\(name.rawValue) is drawn by the program and takes no folder: "
                + "leave out \(name.rawValue)=\(path)."
        case .faultyPhoto(let path, let fault):
            "\(path) \(fault). Replace the file, or leave such photos out of training and test "
                + "with `corrupt_images: skip` in the spec's `dataset`."
        case .wrongClassCount(let name, let path, let found):
            "\(path): found \(found) class folders, but \(name.facts.title) has "
                + "\(name.facts.classCount). For a data set of your own, or a part of this one, use "
                + "`dataset: image_folder`."
        case .notPositive(let what, let value): "\(what) must be at least 1, not \(value)."
        case .batchLargerThanDataset(let batchSize, let count):
            "A batch of \(batchSize) images is more than the \(count) there are. "
                + "Lower `batch_size` to at most \(count)."
        }
    }

    private static let again =
        "The file is damaged or not the official one: unpack the archive again."

    private static func notFound(_ name: DatasetName, _ lookedAt: [String]) -> String {
        let places =
            lookedAt.isEmpty
            ? "no folder was given" : "not found in \(lookedAt.joined(separator: " or "))"
        return """
            \(name.rawValue): \(places). It is a folder that holds \(name.facts.layout); give that \
            folder or its parent with `--data \(name.rawValue)=PATH`, or as `root:` of the spec's \
            `dataset`. `--smoke` tries the whole path on synthetic images.
            """
    }

    private static func wrongLength(_ path: String, _ byteCount: Int, _ row: Int) -> String {
        let rest = byteCount % row
        let fault = byteCount == 0 ? "is empty" : "ends with \(rest) bytes of a row"
        return """
            \(path): \(byteCount) bytes is not a whole number of rows of \(row) bytes; the file \
            \(fault). \(again)
            """
    }
}

import CPhotos

/// What is wrong with one photo.
public enum PhotoFault: Error, Hashable, Sendable {
    case notAnImage
    case truncated
    /// With the words of the library that found the damage.
    case damaged(String)
    case unsupported(String)
    case tooLarge(height: Int, width: Int)
    case noMemory
    /// The file itself cannot be read.
    case unreadable(String)
    /// Nothing resizes the image, and it has not the size of the others.
    case wrongSize(height: Int, width: Int, expected: String)

    init?(_ status: gcb_photo_status, message: String, size: ImageSize) {
        switch status {
        case gcb_photo_fine: return nil
        case gcb_photo_truncated: self = .truncated
        case gcb_photo_corrupt: self = .damaged(message)
        case gcb_photo_unsupported: self = .unsupported(message)
        case gcb_photo_too_large: self = .tooLarge(height: size.height, width: size.width)
        case gcb_photo_no_memory: self = .noMemory
        default: self = .notAnImage
        }
    }
}

extension PhotoFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notAnImage: "is neither a JPEG nor a PNG image"
        case .truncated: "ends before the image does"
        case .damaged(let words): "is damaged: \(words)"
        case .unsupported(let words): "is of a kind that cannot be converted to RGB: \(words)"
        case .tooLarge(let height, let width):
            "claims \(height)×\(width) pixels, more than any photo has"
        case .unreadable(let words): "cannot be read: \(words)"
        case .noMemory: "needs more memory than there is"
        case .wrongSize(let height, let width, let expected):
            "has \(height)×\(width) pixels instead of \(expected), and nothing resizes it"
        }
    }
}

import Crypto
import Foundation

/// Decodes whole photos and digests their files; one thread uses it.
///
/// A class because it owns the decoder's memory.
final class PhotoExaminer {
    private let workspace = PixelWorkspace(decode: .exact)
    private let file = PixelBuffer()

    /// - Returns: the SHA-256 of the file and what is wrong with the photo in it, nil where it could not
    ///   be read or is sound.
    func inspect(_ photos: PhotoFiles, at index: Int) -> (digest: String?, fault: String?) {
        var digest: String?
        do {
            try photos.withPhoto(at: index, using: file) { (photo) throws(PhotoFault) in
                if case .file(let bytes) = photo {
                    var hash = SHA256()
                    hash.update(bufferPointer: bytes)
                    digest = FileDigests.hexadecimal(hash.finalize())
                }
                try workspace.forEachRow(of: photo) { _, _, _ in }
            }
            return (digest, nil)
        } catch { return (digest, error.description) }
    }
}

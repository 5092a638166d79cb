/// Whether the entries of an archive must have the checksums that it gives.
package enum ZipChecksums: Hashable, Sendable {
    case checked
    /// For fuzzing alone: whoever mutates files would have to guess them.
    case ignored
}

/// The entries of a ZIP archive as PyTorch writes it: stored as they are, never compressed, and
/// listed in the directory at its end, which decides.
///
/// *Reference:* PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3.
package struct ZipArchive {
    private let bytes: [UInt8]
    private let checksums: ZipChecksums
    private let entries: [String: ZipEntry]
    package let names: Set<String>

    var byteCount: Int { bytes.count }

    /// Reads the directory.
    ///
    /// - Throws: `archive` for anything that is damaged.
    package init(_ bytes: [UInt8], _ checksums: ZipChecksums = .checked) throws(WeightsProblem) {
        self.bytes = bytes
        self.checksums = checksums
        let directory = try ZipDirectory(of: bytes)
        var entries: [String: ZipEntry] = [:]
        for entry in try directory.entries(in: bytes) {
            guard entries.updateValue(entry, forKey: entry.name) == nil else {
                throw .archive("'\(entry.name)' is listed twice", at: entry.directoryOffset)
            }
        }
        self.entries = entries
        names = Set(entries.keys)
    }

    /// The bytes of an entry, as a slice of the file's.
    ///
    /// - Throws: `archive` where they are compressed or encrypted, or do not have the checksum that
    ///   the directory gives.
    package func contents(of name: String) throws(WeightsProblem) -> ArraySlice<UInt8> {
        guard let entry = entries[name] else { throw .content("has no entry '\(name)'") }
        guard entry.isStored else {
            throw .archive(
                "'\(name)' is compressed or encrypted, which PyTorch's tensors never are",
                at: entry.directoryOffset)
        }
        let contents = bytes[entry.contents]
        guard checksums == .ignored || Checksum.crc32(contents) == entry.checksum else {
            throw .archive(
                "'\(name)' is damaged: its checksum is another", at: entry.contents.lowerBound)
        }
        return contents
    }
}

/// One file of an archive.
struct ZipEntry {
    let name: String
    /// Whether the bytes are those of the file that was put in.
    let isStored: Bool
    /// Where the bytes lie in the archive.
    let contents: Range<Int>
    let checksum: UInt32
    /// Where the directory lists it.
    let directoryOffset: Int
}

/// CRC-32 as ZIP, gzip and PNG have it.
enum Checksum {
    static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in
            table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8
        }
    }

    private static let table = (0..<UInt32(256)).map { index in
        (0..<8).reduce(index) { value, _ in value >> 1 ^ (value & 1 == 0 ? 0 : 0xEDB8_8320) }
    }
}

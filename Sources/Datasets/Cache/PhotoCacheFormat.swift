/// The file of a packed cache: the pixels of a split's photos, decoded once.
///
///     header  4,096 bytes: magic, side, count of photos, digest of what they were made of
///     table   32 bytes a photo: offset, height, width, checksum of the pixels
///     pixels  3 bytes a pixel, row by row, photo after photo in the order of their writing
///
/// Numbers are little endian. A photo is written before its line of the table, and a checksum of 0
/// says that the photo is not there yet: a build that was killed goes on where it was.
enum PhotoCacheFormat {
    static let magic: UInt64 = 0x0131_5850_4342_4347  // "GCBCPX1" and a byte 1
    static let headerByteCount = 4_096
    static let entryByteCount = 32

    struct Header: Hashable {
        /// The shorter side that larger photos were shrunk to; 0 where they keep their size.
        let side: Int
        let count: Int
        /// 16 hexadecimal digits: which photos, of which sizes, these are.
        let source: String

        var bytes: [UInt8] {
            var bytes: [UInt8] = []
            for number in [PhotoCacheFormat.magic, UInt64(side), UInt64(count)] {
                bytes.append(littleEndian: number)
            }
            bytes += Array(source.utf8)
            return bytes + Array(repeating: 0, count: headerByteCount - bytes.count)
        }
    }

    /// A photo's line of the table.
    struct Entry: Hashable {
        let offset: Int
        let size: ImageSize
        let checksum: UInt64

        var pixelByteCount: Int { 3 * size.height * size.width }
        var isWritten: Bool { checksum != 0 }

        var bytes: [UInt8] {
            var bytes: [UInt8] = []
            for number in [offset, size.height, size.width] {
                bytes.append(littleEndian: UInt64(number))
            }
            bytes.append(littleEndian: checksum)
            return bytes
        }

        /// - Returns: nil for numbers that no photo has.
        init?(_ bytes: UnsafeRawBufferPointer) {
            let numbers = (0..<4).map {
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self))
            }
            guard numbers[0] < 1 << 48, numbers[1] < 1 << 20, numbers[2] < 1 << 20 else {
                return nil
            }
            self.init(
                offset: Int(numbers[0]),
                size: ImageSize(height: Int(numbers[1]), width: Int(numbers[2])),
                checksum: numbers[3])
        }

        init(offset: Int, size: ImageSize, checksum: UInt64) {
            self.offset = offset
            self.size = size
            self.checksum = checksum
        }
    }

    static func tableOffset(_ index: Int) -> Int { headerByteCount + index * entryByteCount }
}

extension [UInt8] {
    fileprivate mutating func append(littleEndian number: UInt64) {
        self += (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}

/// A 64-bit digest of pixels that is fast enough to be taken at every reading: four chains of
/// multiplications over words of eight bytes. It tells damage, not malice.
enum PixelChecksum {
    /// Never 0.
    static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var chains = SIMD4<UInt64>(1, 2, 3, 4)
        let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
        let blocks = bytes.count / 32
        for block in 0..<blocks {
            for lane in 0..<4 {
                let word = bytes.loadUnaligned(
                    fromByteOffset: 32 * block + 8 * lane, as: UInt64.self)
                let mixed = (chains[lane] ^ UInt64(littleEndian: word)) &* multiplier
                chains[lane] = mixed ^ (mixed >> 29)
            }
        }
        var sum = UInt64(bytes.count)
        for offset in 32 * blocks..<bytes.count {
            sum = (sum ^ UInt64(bytes[offset])) &* multiplier
        }
        for lane in 0..<4 { sum = ((sum ^ (sum >> 32)) &* multiplier) ^ chains[lane] }
        return sum == 0 ? 1 : sum
    }
}

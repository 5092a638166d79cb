/// Where an archive lists its entries.
struct ZipDirectory {
    private let offset: Int
    private let byteCount: Int
    private let entryCount: Int

    private static let endSignature: [UInt8] = [0x50, 0x4B, 5, 6]
    private static let endByteCount = 22
    private static let end64Signature: [UInt8] = [0x50, 0x4B, 6, 6]
    private static let end64ByteCount = 56
    private static let locatorSignature: [UInt8] = [0x50, 0x4B, 6, 7]
    private static let locatorByteCount = 20
    private static let entrySignature: [UInt8] = [0x50, 0x4B, 1, 2]
    private static let entryByteCount = 46
    private static let localSignature: [UInt8] = [0x50, 0x4B, 3, 4]
    private static let localByteCount = 30

    /// Finds the record at the end of the archive, behind which only a comment may follow, and the
    /// 64-bit record before it, where there is one.
    init(of bytes: [UInt8]) throws(WeightsProblem) {
        let end = try Self.endOffset(bytes)
        var record = ZipFields(bytes, at: end + 8)
        _ = try record.number(2)
        var (count, size, start) = (
            try record.number(2), try record.number(4), try record.number(4)
        )
        if let end64 = try Self.end64Offset(bytes, before: end) {
            var record = ZipFields(bytes, at: end64 + 32)
            (count, size, start) = (
                try record.number(8), try record.number(8), try record.number(8)
            )
        }
        guard start <= end, size <= end - start, count <= size / Self.entryByteCount else {
            throw .archive("the directory of the archive lies beyond its end", at: end)
        }
        (offset, byteCount, entryCount) = (start, size, count)
    }

    private static func endOffset(_ bytes: [UInt8]) throws(WeightsProblem) -> Int {
        let last = bytes.count - endByteCount
        let first = max(0, last - Int(UInt16.max))
        if last >= 0 {
            for place in stride(from: last, through: first, by: -1)
            where bytes[place...].starts(with: endSignature) {
                var comment = ZipFields(bytes, at: place + 20)
                if try comment.number(2) == last - place { return place }
            }
        }
        throw .archive("the archive has no end; the file is cut off", at: bytes.count)
    }

    private static func end64Offset(_ bytes: [UInt8], before end: Int) throws(WeightsProblem)
        -> Int?
    {
        let locator = end - locatorByteCount
        guard locator >= 0, bytes[locator...].starts(with: locatorSignature) else { return nil }
        var fields = ZipFields(bytes, at: locator + 8)
        let place = try fields.number(8)
        guard place <= locator - end64ByteCount, bytes[place...].starts(with: end64Signature) else {
            throw .archive("the archive's 64-bit record is not where it says", at: locator)
        }
        return place
    }

    // MARK: - Entries

    func entries(in bytes: [UInt8]) throws(WeightsProblem) -> [ZipEntry] {
        var entries: [ZipEntry] = []
        var place = offset
        for _ in 0..<entryCount {
            let (entry, next) = try entry(in: bytes, at: place)
            entries.append(entry)
            place = next
        }
        guard place == offset + byteCount else {
            throw .archive("the directory of the archive has another length", at: place)
        }
        return entries
    }

    /// The entry that is listed at `place`, and the place of the next.
    private func entry(in bytes: [UInt8], at place: Int) throws(WeightsProblem)
        -> (ZipEntry, next: Int)
    {
        guard place + Self.entryByteCount <= offset + byteCount,
            bytes[place...].starts(with: Self.entrySignature)
        else { throw .archive("the directory of the archive is damaged", at: place) }
        var fields = ZipFields(bytes, at: place + 8)
        let (flags, method) = (try fields.number(2), try fields.number(2))
        fields.skip(4)
        let checksum = UInt32(try fields.number(4))
        var extents = ZipExtents(
            stored: try fields.number(4), unpacked: try fields.number(4))
        let (nameCount, extraCount) = (try fields.number(2), try fields.number(2))
        let commentCount = try fields.number(2)
        fields.skip(8)
        extents.headerOffset = try fields.number(4)
        let name = try fields.text(nameCount)
        try extents.widen(from: fields.take(extraCount), of: bytes)
        let isStored = flags & 1 == 0 && method == 0 && extents.stored == extents.unpacked
        let contents = try contents(extents, name: name, in: bytes)
        return (
            ZipEntry(
                name: name, isStored: isStored, contents: contents, checksum: checksum,
                directoryOffset: place),
            next: place + Self.entryByteCount + nameCount + extraCount + commentCount
        )
    }

    /// Where the bytes of an entry lie: behind its own header, before the directory.
    private func contents(_ extents: ZipExtents, name: String, in bytes: [UInt8])
        throws(WeightsProblem) -> Range<Int>
    {
        let header = extents.headerOffset
        guard header <= offset - Self.localByteCount,
            bytes[header...].starts(with: Self.localSignature)
        else { throw .archive("'\(name)' is not where the directory says", at: header) }
        var fields = ZipFields(bytes, at: header + 26)
        let (nameCount, extraCount) = (try fields.number(2), try fields.number(2))
        guard try fields.text(nameCount) == name else {
            throw .archive("'\(name)' has another name at its own place", at: header)
        }
        let start = header + Self.localByteCount + nameCount + extraCount
        guard start <= offset, extents.stored <= offset - start else {
            throw .archive("'\(name)' reaches into the directory of the archive", at: header)
        }
        return start..<start + extents.stored
    }
}

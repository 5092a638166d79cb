/// The official binary format: rows of label bytes and pixel planes, nothing before or after.
package enum CIFARBinary {
    /// Appends the rows of a file; their number follows from its length.
    ///
    /// - Parameter path: named in errors.
    /// - Throws: `wrongLength` unless the file is a positive whole number of rows,
    ///   `labelOutOfRange` for a label that no class has.
    package static func read(
        _ bytes: [UInt8], path: String, variant: CIFARVariant, into rows: inout CIFARRows
    ) throws(DatasetError) {
        let rowByteCount = variant.rowByteCount
        guard !bytes.isEmpty, bytes.count.isMultiple(of: rowByteCount) else {
            throw .wrongLength(path: path, byteCount: bytes.count, rowByteCount: rowByteCount)
        }
        for row in 0..<bytes.count / rowByteCount {
            let start = row * rowByteCount
            let pixels = start + variant.labelRanges.count
            for (offset, range) in variant.labelRanges.enumerated() {
                let label = Int(bytes[start + offset])
                guard label < range else {
                    throw .labelOutOfRange(path: path, row: row, label: label, classCount: range)
                }
            }
            rows.labels.append(UInt16(bytes[pixels - 1]))
            rows.pixels.append(contentsOf: bytes[pixels..<start + rowByteCount])
        }
    }
}

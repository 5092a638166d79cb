import Tensors

/// Lays stored images into a batch: places, mirrors and normalizes in one pass.
///
/// A pixel has only 256 values, so normalization is a table per channel.
struct ImageRenderer<Element: HostScalar & BinaryFloatingPoint>: Sendable {
    private let tables: [Element]

    init(_ normalization: PixelNormalization) {
        tables = normalization.table(of: Element.self)
    }

    /// Writes the image `[C, H, W]`. What lies outside of the stored image is black.
    func render(
        _ image: ImagePlanes, placement: Augmentation.Placement,
        into result: UnsafeMutablePointer<Element>
    ) {
        precondition(image.channels * 256 == tables.count, "one mean and deviation per channel")
        guard let pixels = image.pixels.baseAddress else { return }
        tables.withUnsafeBufferPointer { tables in
            for channel in 0..<image.channels {
                let table = UnsafeBufferPointer(
                    rebasing: tables[channel * 256..<(channel + 1) * 256])
                for y in 0..<image.height {
                    let source = y + placement.row
                    let row = result + (channel * image.height + y) * image.width
                    if (0..<image.height).contains(source) {
                        let stored = pixels + (channel * image.height + source) * image.width
                        render(stored, image.width, placement, table, into: row)
                    } else {
                        row.update(repeating: table[0], count: image.width)
                    }
                }
            }
        }
    }

    /// One row: its overlap with the stored row, between black pixels on one side.
    @inline(__always)
    private func render(
        _ stored: UnsafePointer<UInt8>, _ width: Int, _ placement: Augmentation.Placement,
        _ table: UnsafeBufferPointer<Element>, into row: UnsafeMutablePointer<Element>
    ) {
        let first = min(max(-placement.column, 0), width)
        let end = max(min(width - placement.column, width), first)
        let source = stored + placement.column
        if placement.isMirrored {
            let last = row + (width - 1)
            for x in 0..<first { last[-x] = table[0] }
            for x in first..<end { last[-x] = table[Int(source[x])] }
            for x in end..<width { last[-x] = table[0] }
        } else {
            for x in 0..<first { row[x] = table[0] }
            for x in first..<end { row[x] = table[Int(source[x])] }
            for x in end..<width { row[x] = table[0] }
        }
    }
}

import CPhotos

/// An image as it is stored.
package enum StoredImage {
    /// A JPEG or PNG file.
    case file(UnsafeRawBufferPointer)
    case planes(ImagePlanes)
    case interleaved(InterleavedImage)
}

/// Where rows of pixels come from.
enum PixelSource {
    /// The photo that the reader has open.
    case photo(PhotoReader)
    case planes(ImagePlanes)
    case interleaved(InterleavedImage)
    case pixels(PixelImage)

    var size: ImageSize {
        switch self {
        case .photo(let reader): reader.size
        case .planes(let planes): ImageSize(height: planes.height, width: planes.width)
        case .interleaved(let image): image.size
        case .pixels(let image): image.size
        }
    }

    /// Calls `body` with each row of a part, in order, and its number; the pixels have 4 bytes.
    ///
    /// - Parameters:
    ///   - eighths: the size that a photo is decoded at; 8 otherwise.
    ///   - line: memory for one row.
    func forEachRow(
        of part: PixelRectangle, eighths: Int, line: PixelBuffer,
        _ body: (Int, UnsafePointer<UInt8>) -> Void
    ) throws(PhotoFault) {
        switch self {
        case .photo(let reader):
            try reader.start(part, eighths: eighths)
            for y in part.rows { body(y, try reader.nextRow()) }
        case .planes(let planes):
            let row = line.reserve(4 * part.width)
            for y in part.rows {
                planes.gatherRow(y, from: part.left, count: part.width, into: row)
                body(y, row)
            }
        case .interleaved(let image):
            let row = line.reserve(4 * part.width)
            for y in part.rows {
                let start = image.pixels + 3 * (y * image.size.width + part.left)
                gcb_widen_row(start, row, Int32(part.width))
                body(y, row)
            }
        case .pixels(let image):
            for y in part.rows { body(y, image.row(y) + 4 * part.left) }
        }
    }
}

extension ImagePlanes {
    /// A grey image has one plane for all three colours.
    fileprivate func gatherRow(
        _ y: Int, from left: Int, count: Int, into row: UnsafeMutablePointer<UInt8>
    ) {
        guard let base = pixels.baseAddress else { return }
        let start = base + y * width + left
        let plane = channels == 3 ? height * width : 0
        gcb_gather_row(start, start + plane, start + 2 * plane, row, Int32(count))
    }
}

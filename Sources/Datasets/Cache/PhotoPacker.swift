/// Decodes photos, and shrinks large ones; one thread uses it.
final class PhotoPacker {
    private let side: Int
    private let workspace = PixelWorkspace(decode: .exact)
    private let file = PixelBuffer()
    private(set) var pixels: [UInt8] = []

    init(side: Int) { self.side = side }

    /// Fills `pixels` with red, green and blue, row by row.
    func pack(_ photos: PhotoFiles, at index: Int) throws(DatasetError) -> ImageSize {
        var size = ImageSize(height: 0, width: 0)
        try photos.withPhoto(at: index, using: file) { (photo) throws(PhotoFault) in
            let source = try workspace.open(photo)
            var view = PixelView(whole: source.size)
            if side > 0, min(source.size.height, source.size.width) > side {
                view.resize(to: source.size.withShorterSide(side), .antialiased)
            }
            size = view.size
            let width = size.width
            pixels = Array(repeating: 0, count: 3 * size.height * width)
            try workspace.render(view, of: source) { y, row in
                pixels.withUnsafeMutableBufferPointer { pixels in
                    for x in 0..<width {
                        for channel in 0..<3 {
                            pixels[3 * (y * width + x) + channel] = row[4 * x + channel]
                        }
                    }
                }
            }
        }
        return size
    }
}

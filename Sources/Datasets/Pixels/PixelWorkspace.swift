import CPhotos

/// The memory in which one thread turns stored images into rows of pixels.
///
/// A class because it owns memory that is used again for every image; one thread uses it.
final class PixelWorkspace {
    let reader: PhotoReader
    private let decode: DecodeMode
    private let resizer = PixelResizer()
    private let line = PixelBuffer()
    /// An image that was rendered before it goes on, and the next one.
    private let images = (PixelBuffer(), PixelBuffer())
    private var isFirst = true

    init(decode: DecodeMode) {
        self.decode = decode
        reader = PhotoReader(decode)
    }

    /// Makes an image ready to be rendered; it stays where it is until it was.
    func open(_ image: StoredImage) throws(PhotoFault) -> PixelSource {
        switch image {
        case .file(let bytes):
            try reader.open(bytes)
            return .photo(reader)
        case .planes(let planes): return .planes(planes)
        case .interleaved(let image): return .interleaved(image)
        }
    }

    /// Room for an image; the one before the last one is overwritten.
    func image(_ size: ImageSize) -> PixelImage {
        isFirst.toggle()
        let buffer = isFirst ? images.0 : images.1
        return PixelImage(pixels: buffer.reserve(4 * size.height * size.width), size: size)
    }

    /// Renders a view: calls `body` with the visible part of each visible row, in order, and its
    /// number in the resized image. Mirroring is left to `body`.
    func render(
        _ view: PixelView, of source: PixelSource,
        _ body: (Int, UnsafePointer<UInt8>) -> Void
    ) throws(PhotoFault) {
        let visible = view.visible
        guard visible.width > 0, visible.height > 0 else { return }
        if let resampling = view.resampling {
            let eighths = eighths(of: view, source)
            let limit = eighths == 8 ? source.size : reader.size(eighths: eighths)
            return try resizer.resize(
                .init(
                    source: source, view: view, resampling: resampling, eighths: eighths,
                    limit: limit), body)
        }
        let (left, top) = (view.source.left, view.source.top)
        let part = PixelRectangle(
            left: left + visible.left, top: top + visible.top, width: visible.width,
            height: visible.height)
        try source.forEachRow(of: part, eighths: 8, line: line) { body($0 - top, $1) }
    }

    /// The smallest size at which the part still has as many pixels as its result, both ways.
    private func eighths(of view: PixelView, _ source: PixelSource) -> Int {
        guard decode == .scaled, case .photo(let reader) = source, reader.canScale else {
            return 8
        }
        // Other sizes than these have no fast transforms.
        return [1, 2, 4].first {
            view.source.width * $0 >= 8 * view.scaled.width
                && view.source.height * $0 >= 8 * view.scaled.height
        } ?? 8
    }
}

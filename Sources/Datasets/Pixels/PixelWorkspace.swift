import CPhotos

/// The memory in which one thread turns stored images into batches, and the passes that do it.
///
/// Rows are decoded, resized across and kept; then each row of the result is blended from those and
/// handed on while it is in the cache. Only pixels that some result needs are decoded or resized.
///
/// A class because it owns memory that is used again for every image; one thread uses it.
final class PixelWorkspace {
    let reader = PhotoReader()
    private let decode: DecodeMode
    private let across = ResamplingAxis()
    private let down = ResamplingAxis()
    private let line = PixelBuffer()
    private let narrow = PixelBuffer()
    private let result = PixelBuffer()
    /// An image that was rendered before it goes on, and the next one.
    private let images = (PixelBuffer(), PixelBuffer())
    private var isFirst = true

    init(decode: DecodeMode) { self.decode = decode }

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
        guard let resampling = view.resampling else {
            let part = PixelRectangle(
                left: view.source.left + visible.left, top: view.source.top + visible.top,
                width: visible.width, height: visible.height)
            let top = view.source.top
            try source.forEachRow(of: part, eighths: 8, line: line) { body($0 - top, $1) }
            return
        }
        let eighths = eighths(of: view, source)
        let part = prepare(view, visible, source, resampling, eighths)
        try narrow(source, part, eighths: eighths, count: visible.width)
        blend(visible, top: part.top, body)
    }

    /// Prepares both axes; returns the part of the source that they need.
    private func prepare(
        _ view: PixelView, _ visible: PixelRectangle, _ source: PixelSource,
        _ resampling: Resampling, _ eighths: Int
    ) -> PixelRectangle {
        let limits = eighths == 8 ? source.size : reader.size(eighths: eighths)
        let columns = across.prepare(
            .init(view.source.columns, eighths: eighths, limit: limits.width),
            count: view.scaled.width, range: visible.columns, resampling: resampling)
        let rows = down.prepare(
            .init(view.source.rows, eighths: eighths, limit: limits.height),
            count: view.scaled.height, range: visible.rows, resampling: resampling)
        return PixelRectangle(
            left: columns.lowerBound, top: rows.lowerBound, width: columns.count,
            height: rows.count)
    }

    /// Resizes the rows of a part across.
    private func narrow(
        _ source: PixelSource, _ part: PixelRectangle, eighths: Int, count: Int
    ) throws(PhotoFault) {
        let rows = narrow.reserve(4 * count * part.height)
        across.shift(by: -part.left)
        let (first, groups, weights) = (across.first, Int32(across.groups), across.weights)
        try source.forEachRow(of: part, eighths: eighths, line: line) { y, row in
            gcb_resample_row(
                row, rows + 4 * count * (y - part.top), Int32(count), first, groups, weights)
        }
    }

    /// Blends the narrow rows into those of the result.
    private func blend(
        _ visible: PixelRectangle, top: Int, _ body: (Int, UnsafePointer<UInt8>) -> Void
    ) {
        let stride = 4 * visible.width
        let (rows, target) = (narrow.reserve(0), result.reserve(stride))
        let (first, counts, weights, taps) = (
            down.first, down.counts, down.weights, down.tapCount
        )
        for y in 0..<visible.height {
            gcb_blend_rows(
                rows + (Int(first[y]) - top) * stride, stride, counts[y], weights + y * taps,
                target, Int32(stride))
            body(visible.top + y, target)
        }
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

extension ResamplingAxis.Source {
    /// A stretch of pixels in the coordinates of an image decoded at `eighths`/8 of its size.
    fileprivate init(_ range: Range<Int>, eighths: Int, limit: Int) {
        guard eighths < 8 else {
            self.init(
                start: Double(range.lowerBound), length: Double(range.count), limits: range)
            return
        }
        let low = range.lowerBound * eighths / 8
        let high = min((range.upperBound * eighths + 7) / 8, limit)
        self.init(
            start: Double(range.lowerBound * eighths) / 8,
            length: Double(range.count * eighths) / 8, limits: low..<high)
    }
}

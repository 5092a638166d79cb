/// A part of an image, in pixels. It may reach beyond the image.
package struct PixelRectangle: Hashable, Sendable {
    package var left: Int
    package var top: Int
    package var width: Int
    package var height: Int

    package init(left: Int, top: Int, width: Int, height: Int) {
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }

    init(whole size: ImageSize) {
        self.init(left: 0, top: 0, width: size.width, height: size.height)
    }

    var right: Int { left + width }
    var bottom: Int { top + height }
    var size: ImageSize { ImageSize(height: height, width: width) }
    var columns: Range<Int> { left..<right }
    var rows: Range<Int> { top..<bottom }

    /// The part that lies in an image of this size; empty where there is none.
    func clipped(to size: ImageSize) -> PixelRectangle {
        let columns = columns.clamped(to: 0..<size.width)
        let rows = rows.clamped(to: 0..<size.height)
        return PixelRectangle(
            left: columns.lowerBound, top: rows.lowerBound, width: columns.count,
            height: rows.count)
    }

    func isInside(_ size: ImageSize) -> Bool { clipped(to: size) == self }
}

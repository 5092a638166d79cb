import Graphs
import Tensors

/// One plane of an image and the plane of outputs that a window makes of it.
struct WindowedPlane {
    let window: Window
    let height: Int
    let width: Int
    let outputHeight: Int
    let outputWidth: Int

    /// - Parameters:
    ///   - x: an image `[N, C, H, W]`.
    ///   - y: what the window makes of it, `[N, O, H', W']`.
    init(_ window: Window, x: Shape, y: Shape) {
        self.window = window
        (height, width) = (x[2], x[3])
        (outputHeight, outputWidth) = (y[2], y[3])
    }

    var count: Int { height * width }
    var outputCount: Int { outputHeight * outputWidth }

    /// Calls `body` with the number ky·K + kx of each tap, and with ky and kx.
    @inline(__always)
    func forEachTap(_ body: (_ t: Int, _ ky: Int, _ kx: Int) -> Void) {
        for ky in 0..<window.kernel {
            for kx in 0..<window.kernel { body(ky * window.kernel + kx, ky, kx) }
        }
    }

    /// Calls `body` with the offsets of output (y, x) and of the pixel (y·s + ky − p, x·s + kx − p)
    /// for every output whose tap (ky, kx) falls inside the image.
    @inline(__always)
    func forEachPixel(under ky: Int, _ kx: Int, _ body: (_ output: Int, _ pixel: Int) -> Void) {
        let (s, p) = (window.stride, window.padding)
        let columns = outputs(under: kx, extent: width, count: outputWidth)
        for y in outputs(under: ky, extent: height, count: outputHeight) {
            let row = (y * s + ky - p) * width + kx - p
            for x in columns { body(y * outputWidth + x, row + x * s) }
        }
    }

    /// The outputs o with 0 ≤ o·s + tap − p < extent.
    private func outputs(under tap: Int, extent: Int, count: Int) -> Range<Int> {
        let (s, p) = (window.stride, window.padding)
        let first = max(0, (p - tap + s - 1) / s)
        let end = min(count, (extent + p - tap + s - 1) / s)
        return first..<max(first, end)
    }
}

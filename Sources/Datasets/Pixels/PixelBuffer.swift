/// Memory that grows to what was asked of it once and is then used again and again.
///
/// A class because it owns its memory; one thread uses it.
package final class PixelBuffer {
    private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    package init() {}

    deinit { memory.deallocate() }

    /// Room for `count` bytes, of unknown content, and some slack that loops may touch.
    package func reserve(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        let needed = count + Self.slack
        if memory.count < needed {
            memory.deallocate()
            memory = .allocate(byteCount: needed + needed / 4, alignment: 64)
            memory.initializeMemory(as: UInt8.self, repeating: 0)
        }
        return memory.bindMemory(to: UInt8.self).baseAddress.unsafelyUnwrapped
    }

    private static let slack = 64
}

/// Pixels of 4 bytes (red, green, blue and one that does not count), row by row, in memory that
/// belongs to someone else.
struct PixelImage {
    let pixels: UnsafeMutablePointer<UInt8>
    let size: ImageSize

    var stride: Int { 4 * size.width }

    func row(_ y: Int) -> UnsafeMutablePointer<UInt8> { pixels + y * stride }
}

/// Bytes of red, green and blue, pixel by pixel and row by row, as files of pixels hold them.
package struct InterleavedImage {
    package let pixels: UnsafePointer<UInt8>
    package let size: ImageSize

    package init(pixels: UnsafePointer<UInt8>, size: ImageSize) {
        self.pixels = pixels
        self.size = size
    }
}

import Tensors

/// Images of one size, all in memory, as bytes in planes, one image after the other.
struct ImagesInMemory: ImageStorage {
    private let pixels: [UInt8]
    private let labels: [UInt16]
    private let shape: Shape

    /// - Parameter pixels: `[N, C, H, W]`, as many images as there are labels.
    init(pixels: [UInt8], labels: [UInt16], shape: Shape) {
        precondition(pixels.count == labels.count * shape.count, "pixels and labels differ")
        self.pixels = pixels
        self.labels = labels
        self.shape = shape
    }

    var count: Int { labels.count }

    func label(at index: Int) -> Int { Int(labels[index]) }

    func withImage(at index: Int, _ body: (ImagePlanes) -> Void) {
        precondition(labels.indices.contains(index), "there is no image \(index)")
        pixels.withUnsafeBufferPointer { all in
            let start = index * shape.count
            let image = UnsafeBufferPointer(rebasing: all[start..<start + shape.count])
            body(
                ImagePlanes(pixels: image, channels: shape[0], height: shape[1], width: shape[2]))
        }
    }
}

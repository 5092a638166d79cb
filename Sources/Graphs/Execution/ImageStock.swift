public import Tensors

/// Small images of one size that are kept where a backend computes, so that it makes batches of them
/// itself: of each image sixteen bytes travel per step, and no pixel.
public struct ImageStock: Hashable, Sendable {
    /// The backend's number of it.
    public let number: Int
    public let count: Int
    /// `[C, H, W]`.
    public let shape: Shape

    public init(number: Int, count: Int, shape: Shape) {
        (self.number, self.count, self.shape) = (number, count, shape)
    }

    /// Bytes of all pixels.
    public var byteCount: Int { count * shape.count }
}

extension Backend where Self: ~Copyable {
    public mutating func makeStock(count: Int, shape: Shape, table: [Float])
        throws(BackendError) -> ImageStock
    {
        throw BackendError(
            library: "the \(name) backend", action: "keep \(count) images",
            status: "it takes images batch by batch only")
    }

    public func upload(_ pixels: UnsafeRawBufferPointer, to stock: ImageStock, at offset: Int) {
        preconditionFailure("the \(name) backend has no stock")
    }

    public func place(_ images: UnsafeRawBufferPointer, of stock: ImageStock, to offset: Int) {
        preconditionFailure("the \(name) backend has no stock")
    }
}

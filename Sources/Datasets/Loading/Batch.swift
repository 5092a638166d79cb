public import Tensors

/// What the loader puts into a batch.
public enum BatchContent: Hashable, Sendable {
    /// Finished images, `[N, C, H, W]`.
    case images
    /// A ``PlacedImage`` each, for whoever has the stored images.
    case placements
}

/// One batch, in memory that belongs to the loader. Valid only inside the call that it is handed to.
public struct Batch {
    public let position: BatchPosition
    /// `[count, C, H, W]` in the configured format; of placements `[count, 4]`.
    public let imageSpec: TensorSpec
    /// Dense, row-major; or a ``PlacedImage`` each.
    public let images: UnsafeRawBufferPointer
    /// One class per image.
    public let labels: UnsafeBufferPointer<Int64>
    /// Which images of the data set these are.
    public let indices: UnsafeBufferPointer<Int32>

    public var count: Int { labels.count }
}

extension Batch {
    /// A copy of the images that outlives the call.
    public var imageTensor: HostTensor { HostTensor(spec: imageSpec, bytes: Array(images)) }

    /// A copy of the labels, `[count]`.
    public var labelTensor: HostTensor { HostTensor(Array(labels), shape: [count]) }
}

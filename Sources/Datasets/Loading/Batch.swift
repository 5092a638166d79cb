public import Tensors

/// One batch, in memory that belongs to the loader. Valid only inside the call that it is handed to.
public struct Batch {
    public let position: BatchPosition
    /// `[count, C, H, W]` in the configured format.
    public let imageSpec: TensorSpec
    /// Dense, row-major.
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

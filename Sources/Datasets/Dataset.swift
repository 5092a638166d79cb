public import Tensors

/// The part of a data set.
public enum Split: String, Hashable, Sendable, Codable, CaseIterable {
    case training
    case test
}

/// One image as it is stored: bytes in planes, `[C, H, W]`. Valid only inside the call that it is
/// handed to.
public struct ImagePlanes {
    public let pixels: UnsafeBufferPointer<UInt8>
    public let channels: Int
    public let height: Int
    public let width: Int

    public init(pixels: UnsafeBufferPointer<UInt8>, channels: Int, height: Int, width: Int) {
        precondition(pixels.count == channels * height * width, "planes of another size")
        self.pixels = pixels
        self.channels = channels
        self.height = height
        self.width = width
    }
}

/// Where images come from: memory, or files that are decoded when they are asked for.
///
/// It is asked by several threads at once and always gives the same answers.
public protocol ImageStorage: Sendable {
    var count: Int { get }

    /// The class of the image at `index`, in `0 ..< classCount`.
    func label(at index: Int) -> Int

    /// Calls `body` once with the image at `index`.
    ///
    /// - Throws: when the image cannot be read.
    func withImage(at index: Int, _ body: (ImagePlanes) -> Void) throws
}

/// An immutable set of labelled images.
public struct Dataset: Sendable {
    public let provenance: Provenance
    public let split: Split
    public let classNames: [String]
    /// The extents of an image, `[C, H, W]`.
    public let imageShape: Shape
    public let images: any ImageStorage

    public init(
        provenance: Provenance, split: Split, classNames: [String], imageShape: Shape,
        images: any ImageStorage
    ) {
        precondition(imageShape.rank == 3, "an image has three extents, not \(imageShape)")
        self.provenance = provenance
        self.split = split
        self.classNames = classNames
        self.imageShape = imageShape
        self.images = images
    }

    public var name: DatasetName { provenance.name }
    public var count: Int { images.count }
    public var classCount: Int { classNames.count }

    public func label(at index: Int) -> Int { images.label(at: index) }

    /// The bytes of one image, `[C, H, W]`.
    ///
    /// - Throws: what the storage throws when the image cannot be read.
    public func image(at index: Int) throws -> HostTensor {
        var bytes: [UInt8] = []
        try images.withImage(at: index) { bytes = Array($0.pixels) }
        return HostTensor(spec: TensorSpec(imageShape, .uint8), bytes: bytes)
    }
}

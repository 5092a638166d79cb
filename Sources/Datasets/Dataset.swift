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

/// Where photos of any size come from: files that are decoded when they are asked for, or memory.
///
/// It is asked by several threads at once, each with a buffer of its own.
package protocol PhotoStorage: Sendable {
    var count: Int { get }

    /// The class of the photo at `index`, in `0 ..< classCount`.
    func label(at index: Int) -> Int

    /// What messages call the photo.
    func name(at index: Int) -> String

    /// Calls `body` once with the photo at `index`, valid until it returns.
    ///
    /// - Parameter buffer: memory for the photo, where it has to be read.
    func withPhoto(
        at index: Int, using buffer: PixelBuffer,
        _ body: (StoredImage) throws(PhotoFault) -> Void
    ) throws(DatasetError)
}

/// An immutable set of labelled images.
public struct Dataset: Sendable {
    /// Images of one size, or photos.
    enum Content: Sendable {
        case planes(any ImageStorage)
        case photos(any PhotoStorage)
    }

    public let provenance: Provenance
    public let split: Split
    public let classNames: [String]
    /// The extents of an image, `[C, H, W]`; for photos, those that the network usually sees.
    public let imageShape: Shape
    /// What a person should know about the images of this split.
    public var notes: [String] = []
    let content: Content

    public init(
        provenance: Provenance, split: Split, classNames: [String], imageShape: Shape,
        images: any ImageStorage
    ) {
        precondition(imageShape.rank == 3, "an image has three extents, not \(imageShape)")
        self.provenance = provenance
        self.split = split
        self.classNames = classNames
        self.imageShape = imageShape
        content = .planes(images)
    }

    package init(
        provenance: Provenance, split: Split, classNames: [String], imageShape: Shape,
        photos: any PhotoStorage
    ) {
        self.provenance = provenance
        self.split = split
        self.classNames = classNames
        self.imageShape = imageShape
        content = .photos(photos)
    }

    public var name: DatasetName { provenance.name }
    public var count: Int {
        switch content {
        case .planes(let images): images.count
        case .photos(let photos): photos.count
        }
    }

    public var classCount: Int { classNames.count }

    public func label(at index: Int) -> Int {
        switch content {
        case .planes(let images): images.label(at: index)
        case .photos(let photos): photos.label(at: index)
        }
    }

    /// Whether a shift and a mirroring are all that happens to these images: batches can then be
    /// made of ``PlacedImage`` wherever the stored ones are.
    public func isPlaced(by augmentation: Augmentation) -> Bool {
        if case .planes = content { augmentation.isPlacement } else { false }
    }

    /// The bytes of one image, `[C, H, W]`, as it is stored.
    ///
    /// - Throws: what the storage throws when the image cannot be read.
    public func image(at index: Int) throws -> HostTensor {
        switch content {
        case .planes(let images):
            var bytes: [UInt8] = []
            try images.withImage(at: index) { bytes = Array($0.pixels) }
            return HostTensor(spec: TensorSpec(imageShape, .uint8), bytes: bytes)
        case .photos(let photos): return try photos.wholeImage(at: index)
        }
    }
}

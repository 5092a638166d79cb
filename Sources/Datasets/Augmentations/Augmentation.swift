public import Tensors

/// What an image undergoes before it is normalized: steps, in order, each of which prints its
/// parameters.
public struct Augmentation: Hashable, Sendable, Codable {
    public let steps: [AugmentationStep]

    public init(_ steps: [AugmentationStep]) { self.steps = steps }

    /// For small images: a crop of its own size from the image padded with black (zero) pixels, then a
    /// mirroring with probability ½.
    ///
    /// The semantics are torchvision's `RandomCrop(size, padding)` followed by
    /// `RandomHorizontalFlip()` on the stored image: padding is black, not the mean colour.
    ///
    /// - Parameter padding: pixels added on each side; 0 for no crop.
    public init(padding: Int, mirrors: Bool) {
        precondition(padding >= 0, "padding is not negative")
        steps =
            (padding > 0 ? [.padAndCrop(padding: padding)] : [])
            + (mirrors ? [.horizontalFlip] : [])
    }

    public static let none = Augmentation([])

    /// The random numbers of the image at `index` in `epoch`; steps draw from them in order.
    static func random(seed: UInt64, epoch: Int, index: Int) -> CounterRandom {
        CounterRandom(seed: seed, stream: .augmentation, epoch: epoch, index: index)
    }

    /// The extents that every image has afterwards, `(height, width)`; nil where it keeps its own.
    public var fixedSize: ImageSize? { steps.compactMap(\.fixedSize).last }

    /// The extents `[C, H, W]` of images that were `shape` before, or whatever they were where a step
    /// fixes the size.
    public func shape(of shape: Shape) -> Shape {
        guard let size = fixedSize else { return shape }
        return [shape[0], size.height, size.width]
    }
}

extension Augmentation: CustomStringConvertible {
    public var description: String {
        steps.isEmpty ? "none" : steps.map(\.description).joined(separator: ", ")
    }
}

// MARK: - Placements

extension Augmentation {
    /// How one image is laid into the batch, where all that happens to it is a shift and a mirroring.
    package struct Placement: Hashable, Sendable {
        /// The row of the stored image that becomes row 0, in `-padding ... padding`.
        package var row: Int
        package var column: Int
        package var isMirrored: Bool

        package static let asStored = Placement(row: 0, column: 0, isMirrored: false)
    }

    /// Whether placing is all there is to do: at most one crop from padding, then at most one flip.
    var isPlacement: Bool {
        switch steps.count {
        case 0: true
        case 1: steps[0].isPadAndCrop || steps[0] == .horizontalFlip
        case 2: steps[0].isPadAndCrop && steps[1] == .horizontalFlip
        default: false
        }
    }

    /// The placement of the image at `index` in `epoch`; it depends on nothing else.
    package func placement(seed: UInt64, epoch: Int, index: Int) -> Placement {
        precondition(isPlacement, "more than a placement: \(self)")
        var placement = Placement.asStored
        if steps.isEmpty { return placement }
        var random = Self.random(seed: seed, epoch: epoch, index: index)
        for step in steps {
            if case .padAndCrop(let padding) = step {
                placement.row = random.integer(below: 2 * padding + 1) - padding
                placement.column = random.integer(below: 2 * padding + 1) - padding
            } else {
                placement.isMirrored = random.integer(below: 2) == 1
            }
        }
        return placement
    }
}

extension AugmentationStep {
    fileprivate var isPadAndCrop: Bool { if case .padAndCrop = self { true } else { false } }
}

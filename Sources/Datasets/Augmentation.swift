import Tensors

/// What a training image undergoes, at random, before it is normalized: a crop of its own size from
/// the image padded with black (zero) pixels, then a mirroring with probability ½.
///
/// The semantics are torchvision's `RandomCrop(size, padding)` followed by
/// `RandomHorizontalFlip()` on the stored image: padding is black, not the mean colour.
public struct Augmentation: Hashable, Sendable, Codable {
    /// Pixels added on each side; 0 for no crop.
    public let padding: Int
    public let mirrors: Bool

    public init(padding: Int, mirrors: Bool) {
        precondition(padding >= 0, "padding is not negative")
        self.padding = padding
        self.mirrors = mirrors
    }

    public static let none = Augmentation(padding: 0, mirrors: false)

    /// How one image is laid into the batch.
    package struct Placement: Hashable, Sendable {
        /// The row of the stored image that becomes row 0, in `-padding ... padding`.
        package let row: Int
        package let column: Int
        package let isMirrored: Bool

        package static let asStored = Placement(row: 0, column: 0, isMirrored: false)
    }

    /// The placement of the image at `index` in `epoch`; it depends on nothing else.
    package func placement(seed: UInt64, epoch: Int, index: Int) -> Placement {
        if self == .none { return .asStored }
        var random = CounterRandom(
            seed: seed, stream: .augmentation, epoch: epoch, index: index)
        let row = random.integer(below: 2 * padding + 1) - padding
        let column = random.integer(below: 2 * padding + 1) - padding
        let isMirrored = mirrors && random.integer(below: 2) == 1
        return Placement(row: row, column: column, isMirrored: isMirrored)
    }
}

extension Augmentation: CustomStringConvertible {
    public var description: String {
        var steps: [String] = []
        if padding > 0 { steps.append("random crop with \(padding) pixels of zero padding") }
        if mirrors { steps.append("horizontal flip") }
        return steps.isEmpty ? "none" : steps.joined(separator: ", ")
    }
}

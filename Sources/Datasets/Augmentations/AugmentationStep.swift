/// The extents of an image in pixels.
public struct ImageSize: Hashable, Sendable, Codable {
    public var height: Int
    public var width: Int

    public init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }

    public init(square side: Int) { self.init(height: side, width: side) }
}

extension ImageSize: CustomStringConvertible {
    public var description: String { "\(height)×\(width)" }
}

/// One thing that is done to an image. Random ones draw from numbers that belong to the image and the
/// epoch.
public enum AugmentationStep: Hashable, Sendable, Codable {
    /// A crop of the image's own size from the image with black pixels around it.
    case padAndCrop(padding: Int)
    /// A random part of the image, resized to a fixed size.
    case randomResizedCrop(RandomResizedCrop)
    /// The whole image, so that its shorter side has this length and its shape stays.
    case resizeShorterSide(Int, Resampling)
    /// The whole image, in exactly this size.
    case resize(ImageSize, Resampling)
    /// The middle of the image; black pixels around it where it is smaller.
    case centreCrop(ImageSize)
    /// Left and right change places with probability ½.
    case horizontalFlip
    /// Top and bottom change places with probability ½.
    case verticalFlip
    /// A turn about the middle by up to this share of a full turn either way, mirrored at the edges.
    case rotation(Double)
    /// Seen from up to this share nearer or farther, mirrored at the edges.
    case zoom(Double)
    case colourJitter(ColourJitter)
    /// A rectangle of the finished image that is set to the mean colour. It comes last.
    case randomErasing(RandomErasing)

    /// The size that the step gives every image; nil where it leaves the size alone.
    var fixedSize: ImageSize? {
        switch self {
        case .randomResizedCrop(let crop): ImageSize(square: crop.size)
        case .resize(let size, _), .centreCrop(let size): size
        case .padAndCrop, .resizeShorterSide, .horizontalFlip, .verticalFlip, .rotation, .zoom,
            .colourJitter, .randomErasing:
            nil
        }
    }
}

extension AugmentationStep: CustomStringConvertible {
    public var description: String {
        switch self {
        case .padAndCrop(let padding): "random crop with \(padding) pixels of zero padding"
        case .randomResizedCrop(let crop): crop.description
        case .resizeShorterSide(let length, let resampling):
            "shorter side to \(length) (\(resampling.rawValue))"
        case .resize(let size, let resampling): "resize to \(size) (\(resampling.rawValue))"
        case .centreCrop(let size): "centre crop \(size)"
        case .horizontalFlip: "horizontal flip"
        case .verticalFlip: "vertical flip"
        case .rotation(let share): "rotation by up to ±\(360 * share)° (bilinear, reflected)"
        case .zoom(let share): "zoom by up to ±\(100 * share) % (bilinear, reflected)"
        case .colourJitter(let jitter): jitter.description
        case .randomErasing(let erasing): erasing.description
        }
    }
}

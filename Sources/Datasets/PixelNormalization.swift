/// How a pixel becomes a number: `(x / 255 − mean) / deviation`, channel by channel.
public struct PixelNormalization: Hashable, Sendable, Codable {
    /// In red, green, blue order, of pixels in 0 … 1.
    public let means: [Double]
    public let deviations: [Double]

    public init(means: [Double], deviations: [Double]) {
        precondition(means.count == deviations.count, "one mean and one deviation per channel")
        self.means = means
        self.deviations = deviations
    }

    public func normalized(_ pixel: UInt8, channel: Int) -> Double {
        (Double(pixel) / 255 - means[channel]) / deviations[channel]
    }

    /// What each of the 256 pixels of each channel becomes, computed in double precision and rounded
    /// once: `[C, 256]`.
    public func table<Element: BinaryFloatingPoint>(of type: Element.Type) -> [Element] {
        means.indices.flatMap { channel in
            (0...255).map { Element(normalized(UInt8($0), channel: channel)) }
        }
    }

    /// Pixels in 0 … 1, as they are.
    public static let unit = PixelNormalization(means: [0, 0, 0], deviations: [1, 1, 1])

    /// For images that the program draws.
    public static let centred = PixelNormalization(
        means: [0.5, 0.5, 0.5], deviations: [0.25, 0.25, 0.25])

    /// CIFAR-10's own statistics, over the training images.
    public static let cifar10 = PixelNormalization(
        means: [0.4914, 0.4822, 0.4465], deviations: [0.2470, 0.2435, 0.2616])

    /// *Reference:* the published CIFAR-100 script of Gradient Centralization.
    public static let cifar100 = PixelNormalization(
        means: [0.507, 0.487, 0.441], deviations: [0.267, 0.256, 0.276])

    /// The statistics that every published ImageNet script uses.
    public static let imagenet = PixelNormalization(
        means: [0.485, 0.456, 0.406], deviations: [0.229, 0.224, 0.225])
}

extension PixelNormalization: CustomStringConvertible {
    public var description: String { "mean \(means), deviation \(deviations)" }
}

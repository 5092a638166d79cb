package import Tensors

/// Random changes of brightness, contrast, saturation and hue, in random order.
///
/// The semantics are torchvision's `ColorJitter` on PIL images: a factor is uniform in
/// [max(0, 1 − x), 1 + x], a shift of hue uniform in [−x, x] of the colour circle.
public struct ColourJitter: Hashable, Sendable, Codable {
    public let brightness: Double
    public let contrast: Double
    public let saturation: Double
    public let hue: Double

    public init(brightness: Double, contrast: Double, saturation: Double, hue: Double = 0) {
        precondition(
            brightness >= 0 && contrast >= 0 && saturation >= 0 && (0...0.5).contains(hue),
            "a jitter is not negative, and hue at most half the circle")
        self.brightness = brightness
        self.contrast = contrast
        self.saturation = saturation
        self.hue = hue
    }

    /// One change with its amount.
    package enum Change: Hashable, Sendable {
        case brightness(Double)
        case contrast(Double)
        case saturation(Double)
        /// In turns of the colour circle.
        case hue(Double)
    }

    /// The changes of one image, in order. Amounts that are 0 change nothing and draw nothing.
    package func changes(_ random: inout CounterRandom) -> [Change] {
        random.permutation(of: 4).compactMap { number -> Change? in
            switch number {
            case 0: factor(brightness, &random).map(Change.brightness)
            case 1: factor(contrast, &random).map(Change.contrast)
            case 2: factor(saturation, &random).map(Change.saturation)
            default: hue > 0 ? .hue(random.uniform(in: -hue...hue)) : nil
            }
        }
    }

    private func factor(_ amount: Double, _ random: inout CounterRandom) -> Double? {
        amount > 0 ? random.uniform(in: max(0, 1 - amount)...1 + amount) : nil
    }
}

extension ColourJitter: CustomStringConvertible {
    public var description: String {
        "colour jitter (brightness \(brightness), contrast \(contrast), saturation \(saturation), "
            + "hue \(hue))"
    }
}

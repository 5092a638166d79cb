import Foundation
package import Tensors

/// A part of the image of random area and shape, resized to a square.
///
/// The semantics are torchvision's `RandomResizedCrop`: the area is uniform, the aspect ratio
/// log-uniform; the first of ten draws that fits is taken, and if none fits, the largest part in the
/// middle whose aspect ratio is allowed. The part is cut out before it is resized, so that nothing
/// from outside of it shows.
public struct RandomResizedCrop: Hashable, Sendable, Codable {
    public let size: Int
    /// Shares of the image's area.
    public let areas: ClosedRange<Double>
    /// Width over height.
    public let aspects: ClosedRange<Double>
    public let resampling: Resampling

    public init(
        size: Int, areas: ClosedRange<Double> = 0.08...1,
        aspects: ClosedRange<Double> = 3.0 / 4.0...4.0 / 3.0, resampling: Resampling = .antialiased
    ) {
        precondition(size > 0 && areas.lowerBound > 0 && aspects.lowerBound > 0, "nothing to crop")
        self.size = size
        self.areas = areas
        self.aspects = aspects
        self.resampling = resampling
    }

    private static let tries = 10

    /// The part that is taken from an image of this size.
    package func part(of image: ImageSize, _ random: inout CounterRandom) -> PixelRectangle {
        let area = Double(image.height * image.width)
        for _ in 0..<Self.tries {
            let target = area * random.uniform(in: areas)
            let aspect = exp(
                random.uniform(in: log(aspects.lowerBound)...log(aspects.upperBound)))
            let width = Int((target * aspect).squareRoot().rounded(.toNearestOrEven))
            let height = Int((target / aspect).squareRoot().rounded(.toNearestOrEven))
            guard (1...image.width).contains(width), (1...image.height).contains(height) else {
                continue
            }
            let top = random.integer(below: image.height - height + 1)
            let left = random.integer(below: image.width - width + 1)
            return PixelRectangle(left: left, top: top, width: width, height: height)
        }
        return middle(of: image)
    }

    private func middle(of image: ImageSize) -> PixelRectangle {
        var (height, width) = (image.height, image.width)
        let aspect = Double(width) / Double(height)
        if aspect < aspects.lowerBound {
            height = Int((Double(width) / aspects.lowerBound).rounded(.toNearestOrEven))
        } else if aspect > aspects.upperBound {
            width = Int((Double(height) * aspects.upperBound).rounded(.toNearestOrEven))
        }
        return PixelRectangle(
            left: (image.width - width) / 2, top: (image.height - height) / 2, width: width,
            height: height)
    }
}

extension CounterRandom {
    /// A number between the bounds, as Python's `random.uniform`.
    mutating func uniform(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + uniform() * (range.upperBound - range.lowerBound)
    }
}

extension RandomResizedCrop: CustomStringConvertible {
    public var description: String {
        "random resized crop \(size) (area \(areas.lowerBound) to \(areas.upperBound), aspect "
            + "\(Self.short(aspects.lowerBound)) to \(Self.short(aspects.upperBound)), "
            + "\(resampling.rawValue))"
    }

    private static func short(_ number: Double) -> String {
        "\((number * 1_000).rounded() / 1_000)"
    }
}

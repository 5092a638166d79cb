import Foundation
package import Tensors

/// A random rectangle of the normalized image that is set to zero, the mean colour.
///
/// The semantics are torchvision's `RandomErasing`: of ten draws of area and aspect ratio (height
/// over width) the first is taken that is smaller than the image both ways; if none is, nothing is
/// erased.
public struct RandomErasing: Hashable, Sendable, Codable {
    public let probability: Double
    /// Shares of the image's area.
    public let areas: ClosedRange<Double>
    public let aspects: ClosedRange<Double>

    public init(
        probability: Double = 0.5, areas: ClosedRange<Double> = 0.02...0.33,
        aspects: ClosedRange<Double> = 0.3...3.3
    ) {
        precondition((0...1).contains(probability) && aspects.lowerBound > 0, "no probability")
        self.probability = probability
        self.areas = areas
        self.aspects = aspects
    }

    /// The part to erase; nil to leave the image whole.
    package func part(of image: ImageSize, _ random: inout CounterRandom) -> PixelRectangle? {
        guard random.uniform() < probability else { return nil }
        for _ in 0..<10 {
            let area = Double(image.height * image.width) * random.uniform(in: areas)
            let aspect = exp(
                random.uniform(in: log(aspects.lowerBound)...log(aspects.upperBound)))
            let height = Int((area * aspect).squareRoot().rounded(.toNearestOrEven))
            let width = Int((area / aspect).squareRoot().rounded(.toNearestOrEven))
            guard height < image.height, width < image.width else { continue }
            let top = random.integer(below: image.height - height + 1)
            let left = random.integer(below: image.width - width + 1)
            return PixelRectangle(left: left, top: top, width: width, height: height)
        }
        return nil
    }
}

extension RandomErasing: CustomStringConvertible {
    public var description: String {
        "random erasing (probability \(probability), area \(areas.lowerBound) to "
            + "\(areas.upperBound), aspect \(aspects.lowerBound) to \(aspects.upperBound))"
    }
}

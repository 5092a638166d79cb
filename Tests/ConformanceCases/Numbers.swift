import Tensors

/// What a case puts into a tensor.
public enum Numbers: Hashable, Sendable {
    /// Each equally likely in the range.
    case uniform(Range<Double>)
    /// Of either sign with a magnitude in the range: never near the kink of a ReLU.
    case awayFromZero(Range<Double>)
    /// Evenly spaced in −1 ..< 1, in random order: no ties for a maximum.
    case distinct
    /// The same, but that one in so many is NaN.
    case distinctOrNaN(oneIn: Int)
    /// Whole numbers in `0 ..< count`, such as labels; many equal ones.
    case integers(below: Int)
    case constant(Double)
    /// The number of steps done before.
    case stepNumber

    /// The same numbers for the same name, whatever the format asked for: drawn in double
    /// precision, rounded to `rounding` if they are fractions, then converted to `spec`'s format.
    func tensor(_ spec: TensorSpec, name: String, rounding: ScalarType, step: Int) -> HostTensor {
        let tensor = HostTensor(draws(spec.shape.count, name: name, step: step), shape: spec.shape)
        switch spec.scalarType {
        case .float32, .float64, .bfloat16:
            return tensor.converted(to: rounding).converted(to: spec.scalarType)
        case .int64, .int32, .uint8: return tensor.converted(to: spec.scalarType)
        }
    }

    private func draws(_ count: Int, name: String, step: Int) -> [Double] {
        var random = CounterRandom(seed: 0, stream: .test, name: name)
        switch self {
        case .uniform(let range): return (0..<count).map { _ in random.uniform(in: range) }
        case .awayFromZero(let range):
            return (0..<count).map { _ in
                random.uniform(in: range) * (random.integer(below: 2) == 0 ? 1 : -1)
            }
        case .distinct:
            return random.permutation(of: count).map { 2 * Double($0) / Double(count) - 1 }
        case .distinctOrNaN(let stride):
            return random.permutation(of: count).map {
                Int($0) % stride == 0 ? .nan : 2 * Double($0) / Double(count) - 1
            }
        case .integers(let bound):
            return (0..<count).map { _ in Double(random.integer(below: bound)) }
        case .constant(let number): return Array(repeating: number, count: count)
        case .stepNumber: return Array(repeating: Double(step), count: count)
        }
    }
}

public import Graphs
public import Tensors

extension Variable {
    /// What the variable starts with: numbers keyed by seed and path alone, so the same in every
    /// arm of an experiment.
    public func initialTensor(seed: Int) -> HostTensor {
        let count = spec.shape.count
        var random = CounterRandom(
            seed: UInt64(bitPattern: Int64(seed)), stream: .initialization, name: path)
        let numbers: [Double] =
            switch initializer {
            case .constant(let constant): Array(repeating: constant, count: count)
            case .uniform(let bound): (0..<count).map { _ in random.uniform(in: -bound..<bound) }
            case .normal(let deviation): (0..<count).map { _ in deviation * random.normal() }
            }
        return HostTensor(numbers, shape: spec.shape).converted(to: spec.scalarType)
    }
}

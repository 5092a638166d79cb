public import Graphs
public import Tensors

extension Executor where Engine: ~Copyable {
    /// Gives every variable what it starts with: its tensor by path where there is one, else its
    /// initial numbers. Fresh memory is zero, as most states start.
    func initialize(_ graph: Graph, seed: Int, from tensors: [String: HostTensor] = [:])
        throws(BackendError)
    {
        for variable in graph.variables {
            if let tensor = tensors[variable.path] {
                try load(tensor, into: variable)
            } else if variable.initializer != .constant(0) {
                try load(variable.initialTensor(seed: seed), into: variable)
            }
        }
    }
}

extension Variable {
    /// What the variable starts with: numbers keyed by seed and path alone, so the same in every
    /// arm of an experiment.
    public func initialTensor(seed: Int) -> HostTensor {
        let random = CounterRandom(
            seed: UInt64(bitPattern: Int64(seed)), stream: .initialization, name: path)
        return spec.scalarType == .float64
            ? tensor(of: Double.self, random) : tensor(of: Float.self, random)
    }

    private func tensor<Element: HostScalar & BinaryFloatingPoint>(
        of type: Element.Type, _ random: CounterRandom
    ) -> HostTensor {
        switch initializer {
        case .constant(let constant):
            HostTensor(
                Array(repeating: Element(constant), count: spec.shape.count), shape: spec.shape)
        case .uniform(let bound):
            HostTensor(spec.shape, from: random, pairsPerNumber: 1) {
                Element($0.uniform(in: -bound..<bound))
            }
        case .unitUniform:
            HostTensor(spec.shape, from: random, pairsPerNumber: 1) { Element($0.uniform()) }
        case .truncatedNormal(let deviation):
            HostTensor(spec.shape, from: random, pairsPerNumber: 1) {
                Element(deviation * $0.truncatedNormal())
            }
        case .normal(let deviation):
            HostTensor(spec.shape, from: random, pairsPerNumber: 2) {
                Element(deviation * $0.normal())
            }
        }
    }
}

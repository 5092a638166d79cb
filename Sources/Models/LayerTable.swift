public import Graphs
public import Tensors

/// A network layer by layer, read off its graph.
public struct LayerTable: Hashable, Sendable {
    public struct Row: Hashable, Sendable, Codable {
        /// The layer's scope path, which its parameters' names start with.
        public let name: String
        public let operation: String
        public let outputShape: Shape
        public let parameters: Int
        /// Multiply-adds of one image's forward pass: convolutions and dense layers.
        public let multiplyAdds: Int
        /// Those of other matrix products, which published counts leave out.
        public let uncountedMultiplyAdds: Int
    }

    public let rows: [Row]

    public var parameters: Int { rows.reduce(0) { $0 + $1.parameters } }
    public var multiplyAdds: Int { rows.reduce(0) { $0 + $1.multiplyAdds } }
    public var uncountedMultiplyAdds: Int { rows.reduce(0) { $0 + $1.uncountedMultiplyAdds } }

    /// - Parameter graph: a forward pass of a batch of one image.
    public init(_ graph: Graph) {
        let parameterCounts = graph.variables.filter { $0.parameter != nil }.reduce(
            into: [String: Int]()
        ) { counts, variable in
            let layer = variable.path.split(separator: ".").dropLast().joined(separator: ".")
            counts[layer, default: 0] += variable.spec.shape.count
        }
        var seen: Set<String> = []
        rows = graph.intermediates.compactMap { layer in
            let nodes = graph.nodes.filter { $0.scope == layer.name }
            let parameters = parameterCounts[layer.name] ?? 0
            // A layer that only training has keeps its parameters.
            guard !nodes.isEmpty || parameters > 0, seen.insert(layer.name).inserted else {
                return nil
            }
            return Row(
                name: layer.name, operation: Self.principal(of: nodes),
                outputShape: layer.value.shape, parameters: parameters,
                multiplyAdds: nodes.reduce(0) { $0 + $1.multiplyAdds },
                uncountedMultiplyAdds: nodes.reduce(0) { $0 + $1.uncountedMultiplyAdds })
        }
    }

    /// The node that a layer is known by: the one that multiplies, or else the first.
    private static func principal(of nodes: [Node]) -> String {
        let node = nodes.first { $0.multiplyAdds > 0 } ?? nodes.first
        return node?.operation.rule.name ?? "in training only"
    }
}

extension Node {
    fileprivate var multiplyAdds: Int {
        operation.rule.multiplyAdds(operands: operands.map(\.spec), results: results.map(\.spec))
    }

    fileprivate var uncountedMultiplyAdds: Int {
        operation.rule.uncountedMultiplyAdds(
            operands: operands.map(\.spec), results: results.map(\.spec))
    }
}

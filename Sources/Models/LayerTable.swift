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
        /// Multiply-adds of one image's forward pass.
        public let multiplyAdds: Int
    }

    public let rows: [Row]

    public var parameters: Int { rows.reduce(0) { $0 + $1.parameters } }
    public var multiplyAdds: Int { rows.reduce(0) { $0 + $1.multiplyAdds } }

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
            guard let first = nodes.first, seen.insert(layer.name).inserted else { return nil }
            return Row(
                name: layer.name,
                operation: Self.principal(of: nodes, or: first).operation.rule.name,
                outputShape: layer.value.shape, parameters: parameterCounts[layer.name] ?? 0,
                multiplyAdds: nodes.reduce(0) { sum, node in
                    sum
                        + node.operation.rule.multiplyAdds(
                            operands: node.operands.map(\.spec), results: node.results.map(\.spec))
                })
        }
    }

    /// The node that a layer is known by: the one that multiplies, or else the first.
    private static func principal(of nodes: [Node], or first: Node) -> Node {
        nodes.first {
            $0.operation.rule.multiplyAdds(
                operands: $0.operands.map(\.spec), results: $0.results.map(\.spec)) > 0
        } ?? first
    }
}

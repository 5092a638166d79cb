extension Rewriting {
    /// convolution → add bias becomes one node.
    mutating func fuseBiases() {
        let (readers, makers) = (readers(), makers())
        var replacements: [Int: Node] = [:]
        var absorbed: Set<Int> = []
        for (index, node) in nodes.enumerated() {
            guard case .addBias = node.operation, let maker = makers[node.operands[0].id],
                case .convolution(let rule) = nodes[maker].operation, !rule.hasBias,
                readers[node.operands[0].id]?.count == 1, !kept.contains(node.operands[0].id)
            else { continue }
            replacements[index] = Node(
                operation: .convolution(
                    Convolution(window: rule.window, groups: rule.groups, hasBias: true)),
                operands: nodes[maker].operands + [node.operands[1]], results: node.results,
                scope: nodes[maker].scope)
            absorbed.insert(maker)
        }
        replace(replacements, absorbing: absorbed)
    }
}

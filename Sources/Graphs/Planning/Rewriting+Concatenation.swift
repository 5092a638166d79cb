extension Rewriting {
    /// An operand's share of a concatenation's gradient and the sum with another gradient of that
    /// operand become one pass.
    mutating func fuseConcatenationGradients() {
        let (readers, makers) = (readers(), makers())
        var replacements: [Int: Node] = [:]
        var absorbed: Set<Int> = []
        for (index, node) in nodes.enumerated() {
            guard case .add = node.operation, node.operands[0] != node.operands[1] else { continue }
            let shares = node.operands.filter {
                readers[$0.id]?.count == 1 && !kept.contains($0.id)
            }.compactMap { makers[$0.id] }
            for maker in shares {
                guard case .concatenationGradient(let rule) = nodes[maker].operation,
                    !rule.addsOther,
                    let other = node.operands.first(where: { $0 != nodes[maker].results[0] })
                else { continue }
                let fused = ConcatenationGradient(
                    first: rule.first, count: rule.count, addsOther: true)
                replacements[index] = Node(
                    operation: .concatenationGradient(fused),
                    operands: nodes[maker].operands + [other], results: node.results,
                    scope: node.scope)
                absorbed.insert(maker)
                break
            }
        }
        replace(replacements, absorbing: absorbed)
    }
}

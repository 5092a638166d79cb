import Tensors

extension Rewriting {
    /// convolution → normalization with given statistics becomes a convolution with a scaled
    /// kernel, a bias and the normalization's epilogue: no pass over the activations is left.
    mutating func foldNormalizations() {
        let (readers, makers) = (readers(), makers())
        var replacements: [Int: [Node]] = [:]
        var absorbed: Set<Int> = []
        for (index, node) in nodes.enumerated() {
            let x = node.operands.first
            guard case .normalizationInference(let rule) = node.operation, let x,
                readers[x.id]?.count == 1, !kept.contains(x.id), let maker = makers[x.id],
                case .convolution(let convolution) = nodes[maker].operation,
                convolution.epilogue == .none
            else { continue }
            replacements[index] = folded(node, rule, into: nodes[maker], convolution)
            absorbed.insert(maker)
        }
        replace(replacements, absorbing: absorbed)
    }

    private mutating func folded(
        _ normalization: Node, _ rule: NormalizationInference, into node: Node,
        _ convolution: Convolution
    ) -> [Node] {
        let weight = node.operands[1]
        let statistics = normalization.operands[1...4]
        let (newWeight, newBias) = (
            makeValue(weight.spec), makeValue(normalization.operands[1].spec)
        )
        let fold = FoldNormalization(epsilon: rule.epsilon, hasBias: convolution.hasBias)
        let fused = Convolution(
            window: convolution.window, groups: convolution.groups, hasBias: true,
            epilogue: rule.epilogue)
        return [
            Node(
                operation: .foldNormalization(fold),
                operands: [weight] + statistics + node.operands.dropFirst(2),
                results: [newWeight, newBias], scope: normalization.scope),
            Node(
                operation: .convolution(fused),
                operands: [node.operands[0], newWeight, newBias]
                    + normalization.operands.dropFirst(5),
                results: normalization.results, scope: node.scope),
        ]
    }
}

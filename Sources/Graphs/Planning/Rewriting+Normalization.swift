import Tensors

extension Rewriting {
    /// normalization → ReLU and normalization → add → ReLU become one node, forward and backward.
    mutating func fuseNormalizations() {
        fuseForward()
        fuseBackward()
    }

    private mutating func fuseForward() {
        let (readers, makers) = (readers(), makers())
        func soleReader(of value: Value) -> Bool {
            readers[value.id]?.count == 1 && !kept.contains(value.id)
        }
        var replacements: [Int: Node] = [:]
        var absorbed: Set<Int> = []
        for (index, node) in nodes.enumerated() {
            guard case .relu = node.operation, soleReader(of: node.operands[0]),
                let maker = makers[node.operands[0].id]
            else { continue }
            let chain: (normalization: Int, residual: Value?)? =
                switch nodes[maker].operation {
                case .normalization, .normalizationInference: (maker, nil)
                case .add: normalizedOperand(of: maker, makers: makers, isSole: soleReader)
                default: nil
                }
            guard let chain, !absorbed.contains(chain.normalization),
                let fused = nodes[chain.normalization].withEpilogue(
                    residual: chain.residual, result: node.results[0], scope: node.scope)
            else { continue }
            replacements[index] = fused
            absorbed.formUnion([chain.normalization, maker])
        }
        replace(replacements, absorbing: absorbed)
    }

    /// The operand of an addition that is a normalization nobody else reads, and the other one.
    private func normalizedOperand(
        of add: Int, makers: [Int: Int], isSole: (Value) -> Bool
    ) -> (normalization: Int, residual: Value?)? {
        let operands = nodes[add].operands
        for (value, other) in [(operands[0], operands[1]), (operands[1], operands[0])] {
            guard value != other, isSole(value), let maker = makers[value.id] else { continue }
            switch nodes[maker].operation {
            case .normalization, .normalizationInference: return (maker, other)
            default: continue
            }
        }
        return nil
    }

    private mutating func fuseBackward() {
        let (readers, makers) = (readers(), makers())
        var replacements: [Int: Node] = [:]
        var absorbed: Set<Int> = []
        for (index, mask) in nodes.enumerated() {
            guard case .reluGradient = mask.operation,
                let forward = makers[mask.operands[1].id],
                case .normalization(let rule) = nodes[forward].operation,
                rule.epilogue.appliesRelu, !kept.contains(mask.results[0].id),
                let gradient = readers[mask.results[0].id]?.first(where: {
                    isGradient(nodes[$0], of: nodes[forward], for: mask.results[0])
                })
            else { continue }
            let isSole = readers[mask.results[0].id]?.count == 1
            guard rule.epilogue.addsResidual || isSole else { continue }
            let old = nodes[gradient]
            replacements[index] = Node(
                operation: .normalizationGradient(
                    NormalizationGradient(
                        statistics: rule.statistics, epsilon: rule.epsilon,
                        epilogue: rule.epilogue)),
                operands: [mask.operands[0]] + old.operands.dropFirst() + [mask.operands[1]],
                results: old.results + (rule.epilogue.addsResidual ? mask.results : []),
                scope: old.scope)
            absorbed.insert(gradient)
        }
        replace(replacements, absorbing: absorbed)
    }

    private func isGradient(_ node: Node, of forward: Node, for dy: Value) -> Bool {
        guard case .normalizationGradient = node.operation else { return false }
        return node.operands[0] == dy && node.operands[1] == forward.operands[0]
            && node.operands[4] == forward.results[1]
    }
}

extension Node {
    /// This normalization with the operations that follow it; nil if it has some already.
    fileprivate func withEpilogue(residual: Value?, result: Value, scope: String) -> Node? {
        let epilogue = Epilogue(addsResidual: residual != nil, appliesRelu: true)
        let fused: Operation
        switch operation {
        case .normalization(let rule) where rule.epilogue == .none:
            fused = .normalization(
                NormalizationForward(
                    statistics: rule.statistics, epsilon: rule.epsilon, epilogue: epilogue))
        case .normalizationInference(let rule) where rule.epilogue == .none:
            fused = .normalizationInference(
                NormalizationInference(epsilon: rule.epsilon, epilogue: epilogue))
        default: return nil
        }
        return Node(
            operation: fused, operands: operands + (residual.map { [$0] } ?? []),
            results: [result] + results.dropFirst(), scope: self.scope)
    }
}

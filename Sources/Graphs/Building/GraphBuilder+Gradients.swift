import Tensors

extension GraphBuilder {
    /// Writes the backward pass: the gradient of `loss` with respect to every parameter, in the
    /// order in which they become known.
    ///
    /// Reverse accumulation over the nodes written so far; a value used more than once adds up
    /// its gradients as they arrive.
    ///
    /// - Parameter isTrained: which parameters have one; what only others need is not computed.
    public func gradients(of loss: Value, where isTrained: (Variable) -> Bool = { _ in true })
        throws(ShapeError) -> [(Variable, Value)]
    {
        let forward = nodes
        let trained = variables.filter { $0.parameter != nil && isTrained($0) }
        let parameters = Dictionary(uniqueKeysWithValues: trained.map { ($0.value.id, $0) })
        let wanted = dependents(on: Set(parameters.keys), in: forward)
        var gradients: [Int: Value] = [:]
        var finished: [(Variable, Value)] = []
        for node in forward.reversed() {
            let isLoss = node.results.contains(loss)
            let resultGradients = node.results.map { gradients[$0.id] }
            guard isLoss || resultGradients.contains(where: { $0 != nil }) else { continue }
            try withScope(node.scope) { () throws(ShapeError) in
                let operandGradients = try node.operation.rule.operandGradients(
                    of: DifferentiatedNode(
                        operands: node.operands, results: node.results,
                        resultGradients: resultGradients,
                        wanted: node.operands.map { wanted.contains($0.id) }), in: self)
                for (operand, gradient) in zip(node.operands, operandGradients) {
                    guard let gradient, wanted.contains(operand.id) else { continue }
                    gradients[operand.id] =
                        if let earlier = gradients[operand.id] {
                            try apply(.add(Add()), to: [earlier, gradient])[0]
                        } else { gradient }
                    if let parameter = parameters[operand.id] {
                        finished.removeAll { $0.0 == parameter }
                        finished.append((parameter, gradients[operand.id] ?? gradient))
                    }
                }
            }
        }
        return finished
    }

    /// The values that depend on any of `sources`.
    private func dependents(on sources: Set<Int>, in nodes: [Node]) -> Set<Int> {
        nodes.reduce(into: sources) { known, node in
            if node.operands.contains(where: { known.contains($0.id) }) {
                known.formUnion(node.results.map(\.id))
            }
        }
    }
}

import Tensors

extension GraphBuilder {
    /// Writes the backward pass: the gradient of `loss` with respect to every parameter, in the
    /// order in which they become known.
    ///
    /// Reverse accumulation over the nodes written so far; a value used more than once adds up
    /// its gradients as they arrive. What arrives at a copy of a parameter arrives at the parameter.
    ///
    /// - Parameter isTrained: which parameters have one; what only others need is not computed.
    public func gradients(of loss: Value, where isTrained: (Variable) -> Bool = { _ in true })
        throws(ShapeError) -> [(Variable, Value)]
    {
        let forward = nodes
        let parameters = parametersByValue(where: isTrained)
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
                    let parameter = parameters[operand.id]
                    let id = parameter?.value.id ?? operand.id
                    let sum =
                        if let earlier = gradients[id] {
                            try apply(.add(Add()), to: [earlier, gradient])[0]
                        } else { gradient }
                    gradients[id] = sum
                    if let parameter {
                        finished.removeAll { $0.0 == parameter }
                        finished.append((parameter, sum))
                    }
                }
            }
        }
        return finished
    }

    /// The trained parameter that a value stands for, by value id: its own and those of its copies.
    private func parametersByValue(where isTrained: (Variable) -> Bool) -> [Int: Variable] {
        let trained = variables.filter { $0.parameter != nil && isTrained($0) }
        let byPath = Dictionary(uniqueKeysWithValues: trained.map { ($0.path, $0) })
        return variables.reduce(into: [:]) { parameters, variable in
            switch variable.kind {
            case .parameter: parameters[variable.value.id] = byPath[variable.path]
            case .weightCopy(let path): parameters[variable.value.id] = byPath[path]
            case .runningStatistic, .optimizerState, .gradientSum: break
            }
        }
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

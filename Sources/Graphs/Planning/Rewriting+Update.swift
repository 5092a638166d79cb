import Tensors

extension Rewriting {
    /// decay → centralize → momentum → descend become one pass over each weight.
    mutating func fuseUpdates() {
        let (readers, makers) = (readers(), makers())
        var replacements: [Int: Node] = [:]
        var absorbed: Set<Int> = []
        for (index, node) in nodes.enumerated() {
            guard case .descend = node.operation else { continue }
            var chain = UpdateChain(weight: node.operands[0], direction: node.operands[1])
            while let maker = makers[chain.direction.id], readers[chain.direction.id]?.count == 1,
                !kept.contains(chain.direction.id), chain.absorb(nodes[maker])
            {
                absorbed.insert(maker)
            }
            replacements[index] = chain.fused(into: node)
        }
        replace(replacements, absorbing: absorbed)
    }

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

/// The ingredients found so far, walking from the descent back to the gradient.
private struct UpdateChain {
    let weight: Value
    /// What feeds the ingredients absorbed so far.
    var direction: Value
    var trace: (rule: Trace, node: Node)?
    var centralize: (rule: Centralize, node: Node)?
    var decay: AddScaled?

    init(weight: Value, direction: Value) {
        self.weight = weight
        self.direction = direction
    }

    /// Takes `node` into the chain if it may stand before what is there already.
    mutating func absorb(_ node: Node) -> Bool {
        guard decay == nil else { return false }
        switch node.operation {
        case .trace(let rule) where trace == nil && centralize == nil:
            guard node.results[0] == direction else { return false }
            trace = (rule, node)
        case .centralize(let rule) where centralize == nil:
            centralize = (rule, node)
        case .addScaled(let rule) where node.operands[1] == weight:
            decay = rule
        default: return false
        }
        direction = node.operands[0]
        return true
    }

    func fused(into descend: Node) -> Node {
        let update = FusedUpdate(
            weightDecay: decay?.factor ?? 0, centralizedAxis: centralize?.rule.outputAxis,
            momentum: trace?.rule.momentum)
        let momentumOperands = trace.map { [$0.node.operands[1], $0.node.operands[2]] } ?? []
        let momentumResults = trace.map { [$0.node.results[1]] } ?? []
        let energies = centralize.map { [$0.node.results[1]] } ?? []
        return Node(
            operation: .fusedUpdate(update),
            operands: [weight, direction, descend.operands[2]] + momentumOperands,
            results: descend.results + momentumResults + energies, scope: descend.scope)
    }
}

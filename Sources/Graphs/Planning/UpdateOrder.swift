import Tensors

/// When the parameters are updated.
struct UpdateOrder {
    let nodes: [Node]
    /// For each value that becomes a variable's content, the value that is its content now.
    let replacedValue: [Int: Int]

    /// Each update at the earliest point where its gradient is known and nobody else reads the old
    /// weight, so that gradients die young; the weight's copy follows at once.
    func hoisted() -> [Node] {
        var dependents: [[Int]] = Array(repeating: [], count: nodes.count)
        var waiting = Array(repeating: 0, count: nodes.count)
        for (index, dependencies) in dependencies().enumerated() {
            waiting[index] = dependencies.count
            for dependency in dependencies { dependents[dependency].append(index) }
        }
        var order: [Node] = []
        var isPlaced = Array(repeating: false, count: nodes.count)
        func place(_ root: Int) {
            var ready = [root]
            while let index = ready.popLast() {
                isPlaced[index] = true
                order.append(nodes[index])
                for dependent in dependents[index] {
                    waiting[dependent] -= 1
                    if waiting[dependent] == 0, !isPlaced[dependent],
                        nodes[dependent].operation.followsGradients
                    {
                        ready.append(dependent)
                    }
                }
            }
        }
        // What depends on the step alone comes first: every update may wait for it.
        let early = nodes.indices.filter { nodes[$0].operation.isStepCoefficient }
        for index in early + nodes.indices where !isPlaced[index] && waiting[index] == 0 {
            place(index)
        }
        // What waited for a reader that comes after it, or reads old and new content together,
        // takes its old place: operands are known there, and the variable gets a copy at the end.
        for index in nodes.indices where !isPlaced[index] { place(index) }
        return order
    }

    /// Updates that need not wait for each other side by side, as late as possible.
    func joined() -> [Node] {
        let dependencies = dependencies()
        var (order, isPlaced) = ([Node](), Array(repeating: false, count: nodes.count))
        func isReady(_ index: Int) -> Bool {
            !isPlaced[index] && dependencies[index].allSatisfy { isPlaced[$0] }
        }
        func place(_ index: Int) {
            isPlaced[index] = true
            order.append(nodes[index])
        }
        while order.count < nodes.count {
            let count = order.count
            for index in nodes.indices where !nodes[index].operation.isUpdate && isReady(index) {
                place(index)
            }
            guard order.count == count else { continue }
            let updates = nodes.indices.filter { nodes[$0].operation.isUpdate && isReady($0) }
            // What waits for itself takes its old place, as above.
            let next = updates.isEmpty ? nodes.indices.filter { !isPlaced[$0] } : updates
            for index in next { place(index) }
        }
        return order
    }

    /// For each node, the nodes that must come before it: those that make its operands, and those
    /// that read the old content of a variable it replaces.
    private func dependencies() -> [Set<Int>] {
        let rewriting = Rewriting(nodes: nodes)
        let (readers, makers) = (rewriting.readers(), rewriting.makers())
        return nodes.enumerated().map { index, node in
            var dependencies = Set(node.operands.compactMap { makers[$0.id] })
            for result in node.results {
                guard let replaced = replacedValue[result.id] else { continue }
                dependencies.formUnion(readers[replaced] ?? [])
            }
            dependencies.remove(index)
            return dependencies
        }
    }
}

extension Operation {
    /// Whether it belongs to the update of a weight.
    fileprivate var followsGradients: Bool {
        if case .convert = self { true } else { kind == .update }
    }

    var isUpdate: Bool { if case .update = self { true } else { false } }

    fileprivate var isStepCoefficient: Bool {
        if case .stepCoefficient = self { true } else { false }
    }
}

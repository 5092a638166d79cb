import Tensors

/// A graph's nodes while the planner rewrites them.
struct Rewriting {
    private(set) var nodes: [Node]
    /// Values that somebody outside the nodes reads: they must stay.
    let kept: Set<Int>
    /// The id of the next value that a rewrite makes.
    private(set) var nextId: Int

    init(nodes: [Node], kept: Set<Int> = [], nextId: Int = 0) {
        self.nodes = nodes
        self.kept = kept
        self.nextId = nextId
    }

    mutating func makeValue(_ spec: TensorSpec) -> Value {
        defer { nextId += 1 }
        return Value(id: nextId, spec: spec)
    }

    /// For each value, the nodes that read it.
    func readers() -> [Int: [Int]] {
        var readers: [Int: [Int]] = [:]
        for (index, node) in nodes.enumerated() {
            for id in Set(node.operands.map(\.id)) { readers[id, default: []].append(index) }
        }
        return readers
    }

    /// For each value, the node that makes it.
    func makers() -> [Int: Int] {
        var makers: [Int: Int] = [:]
        for (index, node) in nodes.enumerated() {
            for result in node.results { makers[result.id] = index }
        }
        return makers
    }

    /// Puts `replacements` in the place of nodes and drops `absorbed` ones, then restores an order
    /// in which every value is made before it is read, as close to the old one as there is.
    mutating func replace(_ replacements: [Int: [Node]], absorbing absorbed: Set<Int>) {
        let kept = nodes.indices.filter { !absorbed.contains($0) }
        nodes = Self.ordered(kept.flatMap { replacements[$0] ?? [nodes[$0]] })
    }

    mutating func replace(_ replacements: [Int: Node], absorbing absorbed: Set<Int>) {
        replace(replacements.mapValues { [$0] }, absorbing: absorbed)
    }

    /// A stable topological order: depth first over operands, in the given sequence.
    static func ordered(_ nodes: [Node]) -> [Node] {
        var makers: [Int: Int] = [:]
        for (index, node) in nodes.enumerated() {
            for result in node.results { makers[result.id] = index }
        }
        var isPlaced = Array(repeating: false, count: nodes.count)
        var order: [Node] = []
        order.reserveCapacity(nodes.count)
        for root in nodes.indices where !isPlaced[root] {
            var stack = [root]
            while let top = stack.last {
                let missing = nodes[top].operands.compactMap { makers[$0.id] }
                    .first { !isPlaced[$0] }
                if let missing {
                    stack.append(missing)
                } else {
                    stack.removeLast()
                    if !isPlaced[top] {
                        isPlaced[top] = true
                        order.append(nodes[top])
                    }
                }
            }
        }
        return order
    }
}

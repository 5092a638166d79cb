import Graphs
import Tensors

/// A target that wants another layout at every turn, workspaces for some operations, and memory in
/// place wherever the formula allows. Its plans are looked at, never run.
struct FussyTarget: Target {
    let seed: UInt64
    let joinsUpdates: Bool

    init(seed: UInt64, joinsUpdates: Bool = false) {
        (self.seed, self.joinsUpdates) = (seed, joinsUpdates)
    }

    var name: String { "fussy" }
    var alignment: Int { 64 }

    func requirement(of node: Node, operandLayouts: [Layout?], precision: Precision)
        -> Requirement
    {
        let text = "\(node.operation.rule.name) \(node.scope) \(node.results.map(\.id))"
        var random = CounterRandom(seed: seed, stream: .test, name: text)
        if node.operation.kind == .update || node.operation.elementWiseInPlace.count > 0 {
            return elementWise(node, operandLayouts, &random)
        }
        return Requirement(
            operandLayouts: node.operands.map { layout(of: $0, &random) },
            resultLayouts: node.results.map { layout(of: $0, &random) },
            workspaceByteCount: random.integer(below: 2) * random.integer(below: 3000))
    }

    /// All tensors of the first operand's shape lie as it does.
    private func elementWise(
        _ node: Node, _ operandLayouts: [Layout?], _ random: inout CounterRandom
    ) -> Requirement {
        let main = node.operands[0]
        let common = operandLayouts[0] ?? layout(of: main, &random)
        func asMain(_ value: Value) -> Layout {
            value.shape == main.shape ? common : .rowMajor(rank: value.shape.rank)
        }
        return Requirement(
            operandLayouts: node.operands.map(asMain), resultLayouts: node.results.map(asMain),
            workspaceByteCount: random.integer(below: 2) * random.integer(below: 300),
            inPlace: node.operation.elementWiseInPlace)
    }

    private func layout(of value: Value, _ random: inout CounterRandom) -> Layout {
        guard value.shape.rank == 4, value.spec.scalarType == .float64 else {
            return .rowMajor(rank: value.shape.rank)
        }
        let choices = ["abcd", "acdb", "aBcd16b", "ABcd4b2a"].compactMap { Layout($0) }
        return choices[random.integer(below: choices.count)]
    }
}

import Graphs
import ReferenceBackend
import Tensors
import Testing

/// Copies lie as their scope says, everything else row-major: makes the planner write reorders.
private struct CopyLayoutTarget: Target {
    let layouts: [String: Layout]

    var name: String { "copies in layouts" }
    var alignment: Int { 64 }

    func requirement(of node: Node, operandLayouts: [Layout?], precision: Precision)
        throws(PlanningError) -> Requirement
    {
        guard let layout = layouts[node.scope] else {
            return try ReferenceTarget().requirement(
                of: node, operandLayouts: operandLayouts, precision: precision)
        }
        return Requirement(operandLayouts: [layout], resultLayouts: [layout])
    }
}

@Suite("Reorders")
struct ReorderTests {
    private static let notations = ["abcd", "acdb", "dcba", "aBcd16b", "ABcd16b16a", "ABcd8b16a2b"]

    @Test("Numbers survive every way between two layouts", arguments: notations, notations)
    func roundTrip(from: String, to: String) throws {
        let layouts = ["from": try #require(Layout(from)), "to": try #require(Layout(to))]
        let graph = GraphBuilder(precision: .float64)
        let shape: Shape = [3, 17, 2, 5]
        let x = graph.input("x", TensorSpec(shape, .float64))
        let first = try graph.scope("from") { try graph.apply(.copy(Copy()), to: [x])[0] }
        let second = try graph.scope("to") { try graph.apply(.copy(Copy()), to: [first])[0] }
        graph.output("second", second)
        graph.output("rectified", try graph.relu(second))
        let plan = try Planner(target: CopyLayoutTarget(layouts: layouts)).plan(graph.finish())
        #expect(plan.output("second")?.layout == layouts["to"])
        let reorders = plan.instructions.filter { $0.operation.rule.name.hasPrefix("reorder") }
        #expect(reorders.count == [from != "abcd", from != to, to != "abcd"].count { $0 })
        let executor = try Executor.make(plans: [plan], on: ReferenceBackend<Double>())
        let numbers = HostTensor((0..<shape.count).map { Double($0 + 1) }, shape: shape)
        // Twice, so that padding has to be cleared where another value lay before.
        for _ in 0..<2 {
            try executor.write(numbers, to: try #require(plan.input("x")))
            try executor.run()
        }
        #expect(try executor.read(try #require(plan.output("second"))) == numbers)
        #expect(try executor.read(try #require(plan.output("rectified"))) == numbers)
    }
}

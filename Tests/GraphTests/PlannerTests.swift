import Graphs
import ReferenceBackend
import Tensors
import Testing

@Suite("Planner")
struct PlannerTests {
    static let seeds: [UInt64] = Array(0..<40)

    @Test("Memory is shared only when nobody needs it any more", arguments: seeds, [true, false])
    func ownership(seed: UInt64, fuses: Bool) throws {
        let graph = try RandomGraph.make(seed: seed)
        let targets: [any Target] = [
            FussyTarget(seed: seed), FussyTarget(seed: seed, joinsUpdates: true), ReferenceTarget(),
        ]
        for target in targets {
            func plan(_ sharing: PlanOptions.Sharing) throws -> Plan {
                try Planner(target: target, options: PlanOptions(sharing: sharing, fuses: fuses))
                    .plan(graph)
            }
            let (shared, apart) = (try plan(.enabled), try plan(.disabled))
            #expect(OwnershipCheck(shared, against: apart).violations == [])
            #expect(shared.arenaByteCount < apart.arenaByteCount)
        }
    }

    @Test("The ownership check sees a convolution that writes over its own image")
    func ownershipSeesOverlap() throws {
        let graph = try RandomGraph.make(seed: 0)
        func plan(_ sharing: PlanOptions.Sharing) throws -> Plan {
            try Planner(target: CarelessTarget(), options: PlanOptions(sharing: sharing))
                .plan(graph)
        }
        let check = OwnershipCheck(try plan(.enabled), against: try plan(.disabled))
        #expect(!check.violations.isEmpty)
    }

    @Test("Sharing memory changes no bit", arguments: seeds)
    func sharing(seed: UInt64) throws {
        let graph = try RandomGraph.make(seed: seed)
        let shared = try results(of: graph, PlanOptions(sharing: .enabled))
        #expect(try results(of: graph, PlanOptions(sharing: .disabled)) == shared)
    }

    @Test("Fusion changes results by rounding only", arguments: seeds)
    func fusion(seed: UInt64) throws {
        let graph = try RandomGraph.make(seed: seed)
        let fused = try results(of: graph, PlanOptions(fuses: true))
        let unfused = try results(of: graph, PlanOptions(fuses: false))
        #expect(fused.keys == unfused.keys)
        for (name, tensor) in fused {
            let expected = try #require(unfused[name]).doubles()
            let scale = expected.reduce(1e-3) { max($0, abs($1)) }
            let error = zip(tensor.doubles(), expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
            #expect(error <= 1e-10 * scale, "\(name)")
        }
    }

    @Test("Without fusion every node becomes one instruction", arguments: seeds)
    func nothingLost(seed: UInt64) throws {
        let graph = try RandomGraph.make(seed: seed)
        let plan = try plan(graph, .enabled, fuses: false)
        let planned = plan.instructions.map(\.operation.rule.name).filter { $0 != "copy" }
        #expect(planned.sorted() == graph.nodes.map(\.operation.rule.name).sorted())
    }

    @Test("Planning the same graph twice gives the same plan")
    func repeatable() throws {
        for seed in Self.seeds.prefix(5) {
            let graph = try RandomGraph.make(seed: seed)
            #expect(try plan(graph, .enabled) == plan(try RandomGraph.make(seed: seed), .enabled))
        }
    }

    private func plan(_ graph: Graph, _ sharing: PlanOptions.Sharing, fuses: Bool = true) throws
        -> Plan
    {
        try Planner(
            target: ReferenceTarget(), options: PlanOptions(sharing: sharing, fuses: fuses)
        ).plan(graph)
    }

    /// Two steps of training: everything the host can read.
    private func results(of graph: Graph, _ options: PlanOptions) throws -> [String: HostTensor] {
        let run = try DoubleRun.make(graph, options)
        try run.loadDraws(seed: 1)
        for step in 0..<2 {
            for input in run.plan.inputs {
                let count = input.region.spec.shape.count
                switch input.name {
                case "step": try run.write([Double(step)], to: "step")
                case "rate": try run.write([0.01], to: "rate")
                case "labels": try run.write((0..<count).map { Double($0 % 5) }, to: "labels")
                default: try run.write(draws(count, 2, input.name, in: -1..<1), to: input.name)
                }
            }
            try run.run()
        }
        return try run.contents()
    }
}

/// Claims that everything works in place.
private struct CarelessTarget: Target {
    var name: String { "careless" }
    var alignment: Int { 64 }

    func requirement(of node: Node, operandLayouts: [Layout?], precision: Precision)
        throws(PlanningError) -> Requirement
    {
        let honest = try ReferenceTarget().requirement(
            of: node, operandLayouts: operandLayouts, precision: precision)
        return Requirement(
            operandLayouts: honest.operandLayouts, resultLayouts: honest.resultLayouts,
            inPlace: [.init(result: 0, operand: 0)])
    }
}

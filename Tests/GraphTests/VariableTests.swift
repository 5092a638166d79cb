import Graphs
import ReferenceBackend
import Tensors
import Testing

/// Where variables lie and when they are replaced.
@Suite("Variables in plans")
struct VariableTests {
    private let scalar = TensorSpec(.scalar, .float64)

    @Test("Variables come first, apart from each other and aligned")
    func placement() throws {
        let graph = try RandomGraph.make(seed: 3)
        let map = try plan(graph).variables
        #expect(map.variables == graph.variables)
        var end = 0
        for (variable, region) in zip(map.variables, map.regions) {
            #expect(region.offset >= end && region.offset % 64 == 0)
            #expect(region.spec == variable.spec && map.region(of: variable.path) == region)
            end = region.bytes.upperBound
        }
        #expect(end <= map.byteCount)
    }

    @Test("No variable is padded, so that updates need not keep padding at zero")
    func padding() throws {
        for seed in 0..<10 as Range<UInt64> {
            let map = try Planner(target: FussyTarget(seed: seed))
                .plan(RandomGraph.make(seed: seed)).variables
            #expect(map.regions.allSatisfy { !$0.layout.isPadded($0.spec.shape) })
        }
    }

    @Test("A second plan of a program finds the variables where the first one put them")
    func sharedVariables() throws {
        let training = try RandomGraph.make(seed: 5)
        let first = try Planner(target: FussyTarget(seed: 1)).plan(training)
        let planner = Planner(target: FussyTarget(seed: 2))
        let second = try planner.plan(training, sharing: first.variables)
        #expect(second.variables == first.variables)
        let own = second.instructions.flatMap(\.results).filter { region in
            !first.variables.regions.contains { $0.offset == region.offset }
        }
        #expect(own.allSatisfy { $0.offset >= first.variables.byteCount })
        let error = #expect(throws: PlanningError.self) {
            try planner.plan(RandomGraph.make(seed: 6), sharing: first.variables)
        }
        #expect(error?.problem == "is not among the variables of the earlier plan")
    }

    @Test("An update waits for the last reader of the old weight")
    func updateWaits() throws {
        let graph = GraphBuilder(precision: .float64)
        let (x, rate) = (graph.input("x", scalar), graph.input("rate", scalar))
        let w = graph.runningStatistic("w", .scalar, startingAt: 0)
        graph.assign(try graph.descended(w, x, rate), to: w)
        graph.output("sum", try graph.add(w, x))
        try expect(graph.finish(), w: 10, x: 3, rate: 2, outputs: ["sum": 13], newWeight: 4)
    }

    @Test("What reads a new weight runs even if the update had to wait")
    func readerOfNewWeight() throws {
        let graph = GraphBuilder(precision: .float64)
        let (x, rate) = (graph.input("x", scalar), graph.input("rate", scalar))
        let w = graph.runningStatistic("w", .scalar, startingAt: 0)
        let new = try graph.descended(w, x, rate)
        graph.assign(new, to: w)
        graph.output("new sum", try graph.add(new, x))
        graph.output("old sum", try graph.add(w, x))
        try expect(
            graph.finish(), w: 10, x: 3, rate: 2, outputs: ["new sum": 7, "old sum": 13],
            newWeight: 4)
    }

    @Test("The old and the new weight can be read together")
    func oldAndNew() throws {
        let graph = GraphBuilder(precision: .float64)
        let (x, rate) = (graph.input("x", scalar), graph.input("rate", scalar))
        let w = graph.runningStatistic("w", .scalar, startingAt: 0)
        let new = try graph.descended(w, x, rate)
        graph.assign(new, to: w)
        graph.output("sum", try graph.add(new, w))
        try expect(graph.finish(), w: 10, x: 3, rate: 2, outputs: ["sum": 14], newWeight: 4)
    }

    @Test("A statistic that is replaced may be read later in the same step")
    func statisticReadLater() throws {
        let graph = GraphBuilder(precision: .float64)
        let (x, rate) = (graph.input("x", scalar), graph.input("rate", scalar))
        let w = graph.runningStatistic("w", .scalar, startingAt: 0)
        let average = ExponentialAverage(rate: 0.5)
        graph.assign(try graph.apply(.exponentialAverage(average), to: [w, x])[0], to: w)
        graph.output("sum", try graph.add(w, rate))
        try expect(graph.finish(), w: 10, x: 4, rate: 2, outputs: ["sum": 12], newWeight: 7)
    }

    @Test("A variable can keep what another one held before the step")
    func oldContentKept() throws {
        let graph = GraphBuilder(precision: .float64)
        let (x, rate) = (graph.input("x", scalar), graph.input("rate", scalar))
        let w = graph.runningStatistic("w", .scalar, startingAt: 0)
        let before = graph.runningStatistic("before", .scalar, startingAt: 0)
        graph.assign(try graph.descended(w, x, rate), to: w)
        graph.assign(w, to: before)
        graph.output("old", w)
        let contents = try expect(
            graph.finish(), w: 10, x: 3, rate: 2, outputs: ["old": 10], newWeight: 4)
        #expect(contents["before"]?.doubles() == [10])
    }

    @Test("Two variables can change places")
    func exchange() throws {
        let graph = GraphBuilder(precision: .float64)
        _ = (graph.input("x", scalar), graph.input("rate", scalar))
        let w = graph.runningStatistic("w", .scalar, startingAt: 0)
        let other = graph.runningStatistic("other", .scalar, startingAt: 0)
        graph.assign(w, to: other)
        graph.assign(other, to: w)
        try expect(graph.finish(), w: 10, x: 0, rate: 0, outputs: [:], newWeight: 3)
    }

    @Test("An ingredient of an update that something else reads is not fused away")
    func sharedIngredient() throws {
        let graph = GraphBuilder(precision: .float64)
        let (x, rate) = (graph.input("x", scalar), graph.input("rate", scalar))
        let w = graph.runningStatistic("w", .scalar, startingAt: 0)
        let factor = try graph.apply(.constant(Constant(-0.5, spec: scalar)), to: [])[0]
        let decayed = try graph.descended(x, w, factor)
        graph.assign(try graph.descended(w, decayed, rate), to: w)
        graph.output("twice", try graph.add(decayed, decayed))
        try expect(graph.finish(), w: 10, x: 3, rate: 1, outputs: ["twice": 16], newWeight: 2)
    }

    @Test("Updates run as soon as their gradient is known, so that gradients die young")
    func hoisting() throws {
        let plan = try plan(try RandomGraph.make(seed: 1, clips: false))
        for (index, instruction) in plan.instructions.enumerated() {
            guard case .update = instruction.operation else { continue }
            let written = plan.instructions[..<index].lastIndex { earlier in
                earlier.results.contains { $0.offset == instruction.operands[0].offset }
            }
            let others = plan.instructions[((written ?? 0) + 1)..<index].filter {
                $0.operation.kind != .update
            }
            // Between a gradient and its update: other updates, and what still reads the weight.
            #expect(
                others.allSatisfy { other in
                    other.operands.contains { instruction.results.contains($0) }
                })
        }
    }

    private func plan(_ graph: Graph) throws -> Plan {
        try Planner(target: ReferenceTarget()).plan(graph)
    }

    /// Runs one step with and without sharing, fused and not.
    @discardableResult
    private func expect(
        _ graph: Graph, w: Double, x: Double, rate: Double, outputs: [String: Double],
        newWeight: Double
    ) throws -> [String: HostTensor] {
        var contents: [String: HostTensor] = [:]
        for sharing in [PlanOptions.Sharing.enabled, .disabled] {
            let run = try DoubleRun.make(graph, PlanOptions(sharing: sharing))
            for variable in graph.variables { try run.load([3], into: variable) }
            try run.load([w], into: run.parameter("w"))
            try run.write([x], to: "x")
            try run.write([rate], to: "rate")
            try run.run()
            contents = try run.contents()
            for (name, number) in outputs { #expect(contents[name]?.doubles() == [number]) }
            #expect(contents["w"]?.doubles() == [newWeight])
        }
        return contents
    }
}

import Graphs
import ReferenceBackend
import Tensors
import Testing

/// A graph on the reference backend in double precision.
struct DoubleRun: ~Copyable {
    let graph: Graph
    let plan: Plan
    private let executor: Executor<ReferenceBackend<Double>>

    static func make(_ graph: Graph, _ options: PlanOptions = PlanOptions()) throws -> DoubleRun {
        let plan = try Planner(target: ReferenceTarget(), options: options).plan(graph)
        let executor = try Executor.make(plans: [plan], on: ReferenceBackend<Double>())
        return DoubleRun(graph: graph, plan: plan, executor: executor)
    }

    private init(
        graph: Graph, plan: Plan, executor: consuming Executor<ReferenceBackend<Double>>
    ) {
        self.graph = graph
        self.plan = plan
        self.executor = executor
    }

    func load(_ numbers: [Double], into variable: Variable) throws {
        try executor.load(HostTensor(numbers, shape: variable.spec.shape), into: variable)
    }

    /// Uniform numbers in all variables, each by its path; momenta and scales included.
    func loadDraws(seed: UInt64, in range: Range<Double> = 0.5..<1.5) throws {
        for variable in graph.variables {
            try load(
                draws(variable.spec.shape.count, seed, variable.path, in: range), into: variable)
        }
    }

    func write(_ numbers: [Double], to input: String) throws {
        let region = try #require(plan.input(input))
        try executor.write(HostTensor(numbers, shape: region.spec.shape), to: region)
    }

    func run() throws { try executor.run() }

    func output(_ name: String) throws -> [Double] {
        try executor.read(try #require(plan.output(name))).doubles()
    }

    func content(of variable: Variable) throws -> [Double] {
        try executor.read(variable).doubles()
    }

    /// Every output and variable, by name.
    func contents() throws -> [String: HostTensor] {
        var contents: [String: HostTensor] = [:]
        for output in plan.outputs { contents[output.name] = try executor.read(output.region) }
        for variable in graph.variables { contents[variable.path] = try executor.read(variable) }
        return contents
    }
}

/// Uniform numbers that depend on the seed and the name alone.
func draws(_ count: Int, _ seed: UInt64, _ name: String, in range: Range<Double>) -> [Double] {
    var random = CounterRandom(seed: seed, stream: .test, name: name)
    return (0..<count).map { _ in random.uniform(in: range) }
}

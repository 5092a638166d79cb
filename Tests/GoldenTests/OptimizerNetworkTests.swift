import CPUBackend
import Graphs
import Optimizers
import ReferenceBackend
import Tensors
import Testing

/// Oracle: PyTorch's gradients in float64 and the rules of `Tests/Goldens/optimizers.py`.
@Suite("Every optimizer on a small network")
struct OptimizerNetworkTests {
    static let golden = Result { try Golden("optimizers") }

    private func run<Engine: Backend & ~Copyable>(
        _ optimizer: GoldenOptimizer, on engine: consuming Engine, _ target: any Target,
        _ precision: Precision
    ) throws -> [String: HostTensor] {
        let golden = try Self.golden.get().tensors(of: "network")
        let graph = try graph(optimizer, precision)
        let plan = try Planner(target: target).plan(graph)
        let executor = try Executor.make(plans: [plan], on: engine)
        for variable in graph.variables {
            let zeros = HostTensor(
                [Double](repeating: variable.start, count: variable.spec.shape.count),
                shape: variable.spec.shape)
            try executor.load(golden[variable.path] ?? zeros, into: variable)
        }
        let labels = HostTensor((0..<8).map { Int64($0 % 3) }, shape: [8])
        var losses: [Double] = []
        for step in 0..<20 {
            try executor.write(
                try #require(golden["images"]), to: try #require(plan.input("images")))
            try executor.write(labels, to: try #require(plan.input("labels")))
            try executor.write(
                optimizer.settings.learningRate, to: try #require(plan.input("rate")))
            try executor.write(Double(step), to: try #require(plan.input("step")))
            try executor.run()
            losses.append(try executor.number(in: try #require(plan.output("loss"))))
        }
        var tensors = ["loss": HostTensor(losses, shape: [20])]
        for variable in graph.variables where variable.parameter != nil {
            tensors[variable.path] = try executor.read(variable)
        }
        return tensors
    }

    private func graph(_ optimizer: GoldenOptimizer, _ precision: Precision) throws -> Graph {
        let graph = GraphBuilder(precision: precision)
        let images = graph.input("images", TensorSpec([8, 3, 6, 6], precision.activations))
        let labels = graph.input("labels", TensorSpec([8], .int64))
        func parameter(_ name: String, _ shape: Shape, _ role: ParameterRole) -> Value {
            graph.parameter(name, shape, Parameter(role: role), .constant(0))
        }
        let convolved = try graph.addBias(
            try graph.convolution(
                images, parameter("conv.weight", [4, 3, 3, 3], .convolutionKernel),
                window: Window(kernel: 3, padding: 1)),
            parameter("conv.bias", [4], .bias))
        let scores = try graph.dense(
            try graph.globalAveragePool(try graph.relu(convolved)),
            parameter("fc.weight", [3, 4], .denseKernel), bias: parameter("fc.bias", [3], .bias))
        let loss = try graph.softmaxCrossEntropy(scores, labels: labels)
        graph.output("loss", loss)
        let scalar = TensorSpec(.scalar, precision.master)
        try OptimizerAssignment(optimizer.settings, optimizer.mode).writeUpdates(
            of: loss, learningRate: graph.input("rate", scalar), step: graph.input("step", scalar),
            in: graph)
        return graph.finish()
    }

    private func largestError(
        _ tensors: [String: HostTensor], _ optimizer: GoldenOptimizer
    ) throws -> Double {
        let expected = try Self.golden.get().tensors(of: optimizer.name)
        return try tensors.map { try $0.value.distance(to: #require(expected[$0.key])) }.max() ?? 1
    }

    @Test(
        "Twenty float64 steps on the reference are PyTorch's to ten digits",
        arguments: GoldenOptimizer.all("trained"))
    func float64(optimizer: GoldenOptimizer) throws {
        let tensors = try run(
            optimizer, on: ReferenceBackend<Double>(), ReferenceTarget(), .float64)
        #expect(try largestError(tensors, optimizer) <= 1e-10)
    }

    /// Adaptive steps divide rounding by small gradients, hence the wider bound than for given
    /// ones.
    @Test(
        "Twenty float32 steps on the cpu keep to within 1e-3",
        arguments: GoldenOptimizer.all("trained"))
    func float32(optimizer: GoldenOptimizer) throws {
        let tensors = try run(
            optimizer, on: try CPUBackend(threads: 1), CPUTarget(threads: 1), .float32)
        #expect(try largestError(tensors, optimizer) <= 1e-3)
    }
}

extension Variable {
    fileprivate var start: Double {
        if case .constant(let number) = initializer { number } else { 0 }
    }
}

import Graphs
import Optimizers
import Tensors
import Testing

/// Weights that learn from given gradients, through the optimizer's own chain.
struct GivenGradients {
    struct Weight {
        let name: String
        let role: ParameterRole
        var outputAxis = 0
        let start: HostTensor
        /// One gradient per step.
        let gradients: [HostTensor]
    }

    /// What a run leaves behind.
    struct Outcome {
        /// Each weight after each step.
        var after: [String: [HostTensor]] = [:]
        /// The recorded energies of each step.
        var energies: [[Double]] = []
        /// Optimizer state after the last step.
        var states: [String: HostTensor] = [:]
    }

    let recipe: Recipe
    let rate: Double
    let weights: [Weight]

    /// Takes steps `first..<last`.
    ///
    /// - Parameter states: optimizer state to start from, with `weights` after `first` steps.
    func run<Engine: Backend & ~Copyable>(
        on engine: consuming Engine, _ target: any Target, _ precision: Precision,
        options: PlanOptions = PlanOptions(), from first: Int = 0,
        states: [String: HostTensor] = [:]
    ) throws -> Outcome {
        let graph = try graph(precision)
        let plan = try Planner(target: target, options: options).plan(graph)
        let executor = try Executor.make(plans: [plan], on: engine)
        for variable in graph.variables {
            try executor.load(try start(of: variable, states), into: variable)
        }
        var outcome = Outcome()
        for step in weights[0].gradients.indices {
            for weight in weights {
                let region = try #require(plan.input("gradient of \(weight.name)"))
                try executor.write(weight.gradients[step], to: region)
            }
            try executor.write(rate, to: try #require(plan.input("rate")))
            try executor.write(Double(first + step), to: try #require(plan.input("step")))
            try executor.run()
            for weight in weights {
                let variable = try #require(graph.variable(weight.name))
                outcome.after[weight.name, default: []].append(try executor.read(variable))
            }
            if let region = plan.output(Recipe.energyOutput) {
                outcome.energies.append(try executor.read(region).doubles())
            }
        }
        for variable in graph.variables where variable.parameter == nil {
            outcome.states[variable.path] = try executor.read(variable)
        }
        return outcome
    }

    private func start(of variable: Variable, _ states: [String: HostTensor]) throws -> HostTensor {
        if let weight = weights.first(where: { $0.name == variable.path }) { return weight.start }
        if let state = states[variable.path] { return state }
        guard case .constant(let number) = variable.initializer else {
            throw ShapeError(variable.path, "state starts from a constant")
        }
        let numbers = [Double](repeating: number, count: variable.spec.shape.count)
        return HostTensor(numbers, shape: variable.spec.shape)
    }

    private func graph(_ precision: Precision) throws -> Graph {
        let graph = GraphBuilder(precision: precision)
        let values = weights.map { weight in
            let parameter = Parameter(role: weight.role, outputAxis: weight.outputAxis)
            _ = graph.parameter(weight.name, weight.start.shape, parameter, .constant(0))
            return graph.input(
                "gradient of \(weight.name)", TensorSpec(weight.start.shape, precision.master))
        }
        try recipe.writeUpdates(
            Array(zip(graph.finish().variables, values)),
            learningRate: graph.input("rate", TensorSpec(.scalar, precision.master)),
            step: graph.input("step", TensorSpec(.scalar, precision.master)), in: graph)
        return graph.finish()
    }
}

extension GivenGradients {
    /// A convolution, a dense kernel and a bias with the gradients of a golden file.
    static func weights(_ golden: Golden) throws -> [Weight] {
        let (starts, gradients) = (
            try golden.tensors(of: "start"), try golden.tensors(of: "gradients")
        )
        let roles: [(String, ParameterRole)] = [
            ("convolution", .convolutionKernel), ("dense", .denseKernel), ("bias", .bias),
        ]
        return try roles.map { name, role in
            let (start, all) = (try #require(starts[name]), try #require(gradients[name]))
            let numbers = all.doubles()
            let count = start.shape.count
            return Weight(
                name: name, role: role, start: start,
                gradients: (0..<all.shape[0]).map {
                    HostTensor(Array(numbers[$0 * count..<($0 + 1) * count]), shape: start.shape)
                })
        }
    }
}

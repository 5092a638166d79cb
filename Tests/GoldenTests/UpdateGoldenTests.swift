import Graphs
import Optimizers
import ReferenceBackend
import Tensors
import Testing

/// Weights that learn from given gradients, through the optimizer's own chain.
private struct GivenGradients {
    struct Weight {
        let name: String
        let role: ParameterRole
        let start: HostTensor
        /// One gradient per step.
        let gradients: [HostTensor]
    }

    let recipe: Recipe
    let rate: Double
    let weights: [Weight]

    /// Each weight after each step, and the recorded energies of each step.
    func run(fuses: Bool) throws -> (after: [String: [HostTensor]], energies: [[Double]]) {
        let graph = try graph()
        let plan = try Planner(target: ReferenceTarget(), options: PlanOptions(fuses: fuses))
            .plan(graph)
        let executor = try Executor.make(plans: [plan], on: ReferenceBackend<Double>())
        for weight in weights {
            try executor.load(weight.start, into: try #require(graph.variable(weight.name)))
        }
        var (after, energies): ([String: [HostTensor]], [[Double]]) = ([:], [])
        for step in weights[0].gradients.indices {
            for weight in weights {
                let region = try #require(plan.input("gradient of \(weight.name)"))
                try executor.write(weight.gradients[step], to: region)
            }
            try executor.write(rate, to: try #require(plan.input("rate")))
            try executor.write(Double(step), to: try #require(plan.input("step")))
            try executor.run()
            for weight in weights {
                let variable = try #require(graph.variable(weight.name))
                after[weight.name, default: []].append(try executor.read(variable))
            }
            if let region = plan.output(Recipe.energyOutput) {
                energies.append(try executor.read(region).doubles())
            }
        }
        return (after, energies)
    }

    private func graph() throws -> Graph {
        let graph = GraphBuilder(precision: .float64)
        let values = weights.map { weight in
            let parameter = Parameter(role: weight.role)
            _ = graph.parameter(weight.name, weight.start.shape, parameter, .constant(0))
            return graph.input("gradient of \(weight.name)", weight.start.spec)
        }
        try recipe.writeUpdates(
            Array(zip(graph.finish().variables, values)),
            learningRate: graph.input("rate", TensorSpec(.scalar, .float64)),
            step: graph.input("step", TensorSpec(.scalar, .float64)), in: graph)
        return graph.finish()
    }
}

@Suite("Updates against the published rules")
struct UpdateGoldenTests {
    private static let golden = Result { try Golden("updates") }

    private static let rules = ["plain", "momentum", "nesterov", "dampened"]

    /// Oracle: the rule of the published SGD, SGD_GC and SGD_GCC in numpy float64; mode `none`
    /// was checked against torch.optim.SGD (`Tests/Goldens/generate.py`).
    @Test(
        "Three steps of SGD in every mode give the published rule's weights and energies",
        arguments: GradientCentralizationMode.allCases, [true, false])
    func rules(mode: GradientCentralizationMode, fuses: Bool) throws {
        let golden = try Self.golden.get()
        for rule in Self.rules {
            for decay in [0, 0.01] {
                let settings = OptimizerSettings(
                    learningRate: 0.1, momentum: rule == "plain" ? 0 : 0.9,
                    dampening: rule == "dampened" ? 0.3 : 0, weightDecay: decay,
                    nesterov: rule == "nesterov")
                let name = "\(mode.rawValue)/\(rule)/\(decay == 0 ? "0.0" : "0.01")"
                let expected = try golden.tensors(of: name)
                let (after, energies) = try GivenGradients(
                    recipe: Recipe(settings, mode), rate: 0.1, weights: try weights(golden)
                ).run(fuses: fuses)
                for (weight, steps) in after {
                    let path = try #require(expected[weight])
                    let all = HostTensor(steps.flatMap { $0.doubles() }, shape: path.shape)
                    #expect(all.distance(to: path) <= 1e-15, "\(name) \(weight)")
                }
                let recorded = HostTensor(energies.flatMap { $0 }, shape: [energies.count, 2])
                if mode == .none {
                    #expect(energies.isEmpty)
                } else {
                    let energy = try #require(expected["energies"])
                    #expect(recorded.distance(to: energy) <= 1e-14, "\(name) energies")
                }
            }
        }
    }

    private func weights(_ golden: Golden) throws -> [GivenGradients.Weight] {
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
            return GivenGradients.Weight(
                name: name, role: role, start: start,
                gradients: (0..<all.shape[0]).map {
                    HostTensor(Array(numbers[$0 * count..<($0 + 1) * count]), shape: start.shape)
                })
        }
    }

    /// Oracle: reference §1.5, nine digits, made with the official classes. A dense kernel, so
    /// SGD_GCC leaves it alone.
    @Test("Two steps of the official classes give the recorded weights")
    func officialClasses() throws {
        let plain = [
            0.461580500, -0.245285250, 0.013750100, -0.348625300, 0.191440200, 0.786910700,
        ]
        let centralized = [
            0.501565383, -0.205300367, 0.053734983, -0.358533833, 0.181531667, 0.777002167,
        ]
        let weight = GivenGradients.Weight(
            name: "w", role: .denseKernel,
            start: HostTensor([0.5, -0.25, 0.1, -0.3, 0.2, 0.7], shape: [2, 3]),
            gradients: [
                HostTensor([0.3, -0.1, 0.4, 0.05, 0.2, -0.6], shape: [2, 3]),
                HostTensor([-0.2, 0.15, 0.1, 0.4, -0.3, 0.25], shape: [2, 3]),
            ])
        let settings = OptimizerSettings(learningRate: 0.1, momentum: 0.9, weightDecay: 0.01)
        for (mode, expected) in [
            (GradientCentralizationMode.none, plain), (.gc, centralized), (.gcc, plain),
        ] {
            let run = GivenGradients(
                recipe: Recipe(settings, mode), rate: 0.1, weights: [weight])
            let result = try #require(try run.run(fuses: true).after["w"]?.last).doubles()
            for (number, golden) in zip(result, expected) {
                #expect(abs(number - golden) <= 0.5e-9 + 1e-15, "\(mode)")
            }
        }
    }
}

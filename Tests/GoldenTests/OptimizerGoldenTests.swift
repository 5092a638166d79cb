import CPUBackend
import Graphs
import Optimizers
import ReferenceBackend
import Tensors
import Testing

/// Oracle: `torch.optim` for convention `torch`, the documented rules in numpy for the others, with
/// centralization as a projection around them (`Tests/Goldens/optimizers.py`).
@Suite("Every optimizer against its published rule")
struct OptimizerGoldenTests {
    static let golden = Result { try Golden("optimizers") }

    private static let cases = GoldenOptimizer.all("given") + GoldenOptimizer.variants

    private func run<Engine: Backend & ~Copyable>(
        _ optimizer: GoldenOptimizer, on engine: consuming Engine, _ target: any Target,
        _ precision: Precision, options: PlanOptions = PlanOptions()
    ) throws -> GivenGradients.Outcome {
        let weights = try GivenGradients.weights(try Self.golden.get())
        return try GivenGradients(
            recipe: optimizer.recipe, rate: optimizer.settings.learningRate, weights: weights
        ).run(on: engine, target, precision, options: options)
    }

    /// The largest error of any weight after the last step, as a share of its largest number.
    private func error(_ outcome: GivenGradients.Outcome, _ optimizer: GoldenOptimizer) throws
        -> Double
    {
        let expected = try Self.golden.get().tensors(of: optimizer.name)
        return try outcome.after.map { name, steps in
            try #require(steps.last).distance(to: try #require(expected[name]))
        }.max() ?? .infinity
    }

    @Test("Twenty float64 steps on the reference are the rule's to ten digits", arguments: cases)
    func float64(optimizer: GoldenOptimizer) throws {
        for fuses in [true, false] {
            let outcome = try run(
                optimizer, on: ReferenceBackend<Double>(), ReferenceTarget(), .float64,
                options: PlanOptions(fuses: fuses))
            #expect(try error(outcome, optimizer) <= 1e-10, "fuses \(fuses)")
        }
    }

    @Test("Twenty float32 steps on the cpu are the rule's to five digits", arguments: cases)
    func float32(optimizer: GoldenOptimizer) throws {
        for fuses in [true, false] {
            let outcome = try run(
                optimizer, on: try CPUBackend(threads: 1), CPUTarget(threads: 1), .float32,
                options: PlanOptions(fuses: fuses))
            #expect(try error(outcome, optimizer) <= 1e-5, "fuses \(fuses)")
        }
    }

    /// At a constant rate it does not matter whether momentum carries the rate: Keras's SGD is SGDW.
    @Test("No two optimizers and modes that differ give the same weights")
    func distinct() throws {
        let all = GoldenOptimizer.all("given")
        for (index, one) in all.enumerated() {
            for other in all[(index + 1)...]
            where (one.recipe.transformation, one.recipe.lookahead)
                != (other.recipe.transformation, other.recipe.lookahead)
                && Set([one, other].map(\.settings.name)) != [.sgd, .sgdw]
            {
                let (a, b) = (
                    try Self.golden.get().tensors(of: one.name),
                    try Self.golden.get().tensors(of: other.name)
                )
                let largest = try a.map { try $0.value.distance(to: #require(b[$0.key])) }.max()
                #expect(try #require(largest) > 1e-8, "\(one.name) and \(other.name)")
            }
        }
    }

    @Test("State saved in the middle continues bit by bit", arguments: cases)
    func continuation(optimizer: GoldenOptimizer) throws {
        let weights = try GivenGradients.weights(try Self.golden.get())
        func part(_ range: Range<Int>, _ starts: [String: HostTensor]) -> GivenGradients {
            GivenGradients(
                recipe: optimizer.recipe, rate: 0.05,
                weights: weights.map { weight in
                    GivenGradients.Weight(
                        name: weight.name, role: weight.role,
                        start: starts[weight.name] ?? weight.start,
                        gradients: Array(weight.gradients[range]))
                })
        }
        func run(
            _ part: GivenGradients, from first: Int = 0, _ states: [String: HostTensor] = [:]
        ) throws -> GivenGradients.Outcome {
            try part.run(
                on: try CPUBackend(threads: 1), CPUTarget(threads: 1), .float32, from: first,
                states: states)
        }
        let whole = try run(part(0..<20, [:]))
        let first = try run(part(0..<8, [:]))
        let second = try run(
            part(8..<20, first.after.compactMapValues(\.last)), from: 8, first.states)
        #expect(second.after.compactMapValues(\.last) == whole.after.compactMapValues(\.last))
        #expect(second.states == whole.states)
    }

    /// Oracle: reference §1.5, nine digits, made with the official classes. A dense kernel, so the
    /// `gcc` classes leave it alone.
    @Test("Two steps of the official classes give the recorded weights")
    func officialClasses() throws {
        let weight = GivenGradients.Weight(
            name: "w", role: .denseKernel,
            start: HostTensor([0.5, -0.25, 0.1, -0.3, 0.2, 0.7], shape: [2, 3]),
            gradients: [
                HostTensor([0.3, -0.1, 0.4, 0.05, 0.2, -0.6], shape: [2, 3]),
                HostTensor([-0.2, 0.15, 0.1, 0.4, -0.3, 0.25], shape: [2, 3]),
            ])
        for (name, rate, modes) in Self.official {
            let settings = OptimizerSettings(
                name: name, convention: .reference, learningRate: rate,
                momentum: name == .sgd || name == .sgdw ? 0.9 : 0, weightDecay: 0.01)
            for (mode, expected) in modes {
                let outcome = try GivenGradients(
                    recipe: Recipe(settings, mode), rate: rate, weights: [weight]
                ).run(on: ReferenceBackend<Double>(), ReferenceTarget(), .float64)
                let result = try #require(outcome.after["w"]?.last).doubles()
                for (number, golden) in zip(result, expected) {
                    #expect(abs(number - golden) <= 0.5e-9 + 1e-15, "\(name) \(mode)")
                }
            }
        }
    }

    private static let official:
        [(OptimizerName, Double, [(GradientCentralizationMode, [Double])])] = [
            (
                .sgd, 0.1,
                [
                    (
                        .none,
                        [
                            0.461580500, -0.245285250, 0.013750100, -0.348625300, 0.191440200,
                            0.786910700,
                        ]
                    ),
                    (
                        .gc,
                        [
                            0.501565383, -0.205300367, 0.053734983, -0.358533833, 0.181531667,
                            0.777002167,
                        ]
                    ),
                    (
                        .gcc,
                        [
                            0.461580500, -0.245285250, 0.013750100, -0.348625300, 0.191440200,
                            0.786910700,
                        ]
                    ),
                ]
            ),
            (
                .sgdw, 0.1,
                [
                    (
                        .none,
                        [
                            0.462030500, -0.245510250, 0.013840100, -0.348895300, 0.191620200,
                            0.787540700,
                        ]
                    ),
                    (
                        .gc,
                        [
                            0.501677167, -0.205863583, 0.053486767, -0.359383633, 0.181131867,
                            0.777052367,
                        ]
                    ),
                ]
            ),
            (
                .adam, 0.01,
                [
                    (
                        .none,
                        [
                            0.488367534, -0.242292417, 0.081685502, -0.318177359, 0.192403727,
                            0.713185883,
                        ]
                    ),
                    (
                        .gc,
                        [
                            0.493752920, -0.236765161, 0.080955023, -0.319799877, 0.191873255,
                            0.714365972,
                        ]
                    ),
                    (
                        .gc2,
                        [
                            0.495780639, -0.234879576, 0.089098937, -0.313981087, 0.196599438,
                            0.717381649,
                        ]
                    ),
                ]
            ),
            (
                .adamw, 0.01,
                [
                    (
                        .none,
                        [
                            0.488527465, -0.242463492, 0.081688759, -0.318197806, 0.192466236,
                            0.713282561,
                        ]
                    ),
                    (
                        .gc,
                        [
                            0.493922962, -0.236887385, 0.080946769, -0.319794052, 0.191861710,
                            0.714440436,
                        ]
                    ),
                    (
                        .gc2,
                        [
                            0.495943221, -0.235047736, 0.089104515, -0.314048137, 0.196615906,
                            0.717432230,
                        ]
                    ),
                ]
            ),
            (
                .adagrad, 0.1,
                [
                    (
                        .none,
                        [
                            0.454061818, -0.232298943, -0.024196625, -0.499303026, 0.182862371,
                            0.760104773,
                        ]
                    ),
                    (
                        .gc,
                        [
                            0.489928733, -0.189610777, -0.038160267, -0.486419251, 0.179662788,
                            0.771971746,
                        ]
                    ),
                ]
            ),
        ]
}

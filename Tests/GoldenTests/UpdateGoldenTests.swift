import Graphs
import Optimizers
import ReferenceBackend
import Tensors
import Testing

@Suite("SGD step by step, with what centralization removes")
struct UpdateGoldenTests {
    private static let golden = Result { try Golden("updates") }

    private static let rules = ["plain", "momentum", "nesterov", "dampened"]

    /// Oracle: the rule of the published SGD, SGD_GC and SGD_GCC in numpy float64; mode `none`
    /// was checked against torch.optim.SGD (`Tests/Goldens/generate.py`).
    @Test(
        "Three steps of SGD in every mode give the published rule's weights and energies",
        arguments: OptimizerName.sgd.modes, [true, false])
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
                let outcome = try GivenGradients(
                    recipe: Recipe(settings, mode), rate: 0.1,
                    weights: try GivenGradients.weights(golden)
                ).run(
                    on: ReferenceBackend<Double>(), ReferenceTarget(), .float64,
                    options: PlanOptions(fuses: fuses))
                for (weight, steps) in outcome.after {
                    let path = try #require(expected[weight])
                    let all = HostTensor(steps.flatMap { $0.doubles() }, shape: path.shape)
                    #expect(all.distance(to: path) <= 1e-15, "\(name) \(weight)")
                }
                let energies = outcome.energies
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
}

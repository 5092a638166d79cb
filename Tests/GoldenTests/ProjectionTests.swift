import CPUBackend
import Graphs
import Optimizers
import ReferenceBackend
import Tensors
import Testing

/// Centralization of single weights: which axes, what energy, which weights are left alone.
@Suite("Centralization as a projection")
struct ProjectionTests {
    private static let kernel: [Double] = draws([6, 5, 3, 3], "kernel")

    private static func draws(_ shape: Shape, _ name: String) -> [Double] {
        var random = CounterRandom(seed: 0, stream: .test, name: name)
        return (0..<shape.count).map { _ in random.uniform(in: -1..<1) }
    }

    /// One step of −1·(centralized gradient) from zero: what is left of `gradient`.
    private func projected(
        _ gradient: [Double], _ shape: Shape, _ role: ParameterRole, outputAxis: Int = 0,
        _ mode: GradientCentralizationMode = .gc, onCPU: Bool = false
    ) throws -> (u: [Double], energies: [Double]) {
        let weight = GivenGradients.Weight(
            name: "w", role: role, outputAxis: outputAxis,
            start: HostTensor([Double](repeating: 0, count: shape.count), shape: shape),
            gradients: [HostTensor(gradient, shape: shape)])
        let run = GivenGradients(
            recipe: Recipe(OptimizerSettings(learningRate: 1), mode), rate: 1, weights: [weight])
        let outcome =
            onCPU
            ? try run.run(on: try CPUBackend(threads: 2), CPUTarget(threads: 2), .float32)
            : try run.run(on: ReferenceBackend<Double>(), ReferenceTarget(), .float64)
        let moved = try #require(outcome.after["w"]?.last).doubles()
        return (moved.map { -$0 }, outcome.energies.last ?? [])
    }

    /// The mean of each slice along `axis`, by the definition.
    private func means(_ u: [Double], _ shape: Shape, _ axis: Int) -> [Double] {
        let inner = shape.dimensions[(axis + 1)...].reduce(1, *)
        var sums = [Double](repeating: 0, count: shape[axis])
        for (index, number) in u.enumerated() { sums[index / inner % shape[axis]] += number }
        return sums.map { $0 * Double(shape[axis]) / Double(shape.count) }
    }

    /// A weight as some kind of layer has it.
    struct Layer: Sendable, CustomTestStringConvertible {
        let name: String
        let shape: Shape
        let role: ParameterRole
        var outputAxis = 0

        var testDescription: String { name }
    }

    @Test(
        "Every kind of layer is centralized over the fan-in of its outputs",
        arguments: [
            Layer(name: "convolution", shape: [6, 5, 3, 3], role: .convolutionKernel),
            Layer(name: "depthwise", shape: [6, 1, 3, 3], role: .convolutionKernel),
            Layer(name: "grouped", shape: [6, 2, 3, 3], role: .convolutionKernel),
            Layer(
                name: "transposed", shape: [5, 6, 3, 3], role: .convolutionKernel, outputAxis: 1),
            Layer(name: "one-dimensional", shape: [4, 3, 5], role: .convolutionKernel),
            Layer(name: "dense", shape: [6, 17], role: .denseKernel),
            Layer(name: "single logit", shape: [1, 17], role: .denseKernel),
            Layer(name: "embedding", shape: [11, 7], role: .embedding),
        ])
    func axes(layer: Layer) throws {
        let (shape, axis) = (layer.shape, layer.outputAxis)
        let gradient = Self.draws(shape, layer.name)
        let removed = means(gradient, shape, axis)
        let inner = shape.dimensions[(axis + 1)...].reduce(1, *)
        for onCPU in [false, true] {
            let (u, _) = try projected(
                gradient, shape, layer.role, outputAxis: axis, onCPU: onCPU)
            let bound = onCPU ? 1e-6 : 1e-15
            #expect(means(u, shape, axis).allSatisfy { abs($0) < bound })
            for (index, number) in u.enumerated() {
                let expected = gradient[index] - removed[index / inner % shape[axis]]
                #expect(abs(number - expected) < bound, "\(index)")
            }
        }
    }

    @Test("A fan-in of 1 is left alone and reported")
    func fanInOfOne() throws {
        for (shape, role) in [
            (Shape([4, 1, 1, 1]), ParameterRole.convolutionKernel), ([5, 1], .denseKernel),
        ] {
            let gradient = Self.draws(shape, "one")
            #expect(try projected(gradient, shape, role).u == gradient)
            let graph = GraphBuilder(precision: .float64)
            _ = graph.parameter("w", shape, Parameter(role: role), .constant(0))
            let assignment = OptimizerAssignment(OptimizerSettings(learningRate: 1), .gc)
            #expect(assignment.skippedWeights(of: graph.finish()) == ["w"])
        }
    }

    @Test("gcc leaves dense kernels and embeddings alone, whatever their rank")
    func scope() throws {
        for role in [ParameterRole.denseKernel, .embedding, .bias, .normalizationScale] {
            #expect(try projected(Self.kernel, [6, 5, 3, 3], role, .gcc).u == Self.kernel)
        }
        #expect(
            try projected(Self.kernel, [6, 5, 3, 3], .convolutionKernel, .gcc).u != Self.kernel)
    }

    /// Oracle: ‖Pg‖² = ‖g‖² − Σ(eᵀg)², reference §5.4.
    @Test("What is removed and what is left add up to the gradient's energy")
    func energy() throws {
        for onCPU in [false, true] {
            let (u, energies) = try projected(
                Self.kernel, [6, 5, 3, 3], .convolutionKernel, onCPU: onCPU)
            let whole = Self.kernel.reduce(0) { $0 + $1 * $1 }
            let left = u.reduce(0) { $0 + $1 * $1 }
            #expect(abs(energies[1] - whole) < 1e-6 * whole)
            #expect(abs(left - (energies[1] - energies[0])) < 1e-6 * whole)
            #expect(left < whole)
        }
    }

    @Test("Centralizing what is centralized changes nothing")
    func idempotence() throws {
        let once = try projected(Self.kernel, [6, 5, 3, 3], .convolutionKernel).u
        let twice = try projected(once, [6, 5, 3, 3], .convolutionKernel).u
        #expect(zip(once, twice).allSatisfy { abs($0 - $1) < 1e-15 })
    }

    @Test("The order of the fan-in and the place of the output axis do not matter")
    func layouts() throws {
        let (outputs, inputs) = (6, 45)
        let plain = try projected(Self.kernel, [6, 45], .denseKernel).u
        let transposed = (0..<inputs).flatMap { i in
            (0..<outputs).map { Self.kernel[$0 * inputs + i] }
        }
        let other = try projected(transposed, [45, 6], .denseKernel, outputAxis: 1).u
        for o in 0..<outputs {
            for i in 0..<inputs {
                #expect(abs(plain[o * inputs + i] - other[i * outputs + o]) < 1e-15)
            }
        }
    }

    /// A weight-standardized filter ŵ = (w − w̄)/(σ + ε) ignores its mean, so the gradient of any
    /// loss of ŵ has none: dL/dw = (h − h̄ − (w − w̄)·⟨h, w − w̄⟩/…)/(σ + ε), h = dL/dŵ.
    @Test("The gradient through weight standardization has no mean to remove")
    func weightStandardization() throws {
        let fanIn = 45
        let (w, h) = (Self.kernel, Self.draws([6, 45], "upstream"))
        var gradient: [Double] = []
        for o in 0..<6 {
            let slice = o * fanIn..<(o + 1) * fanIn
            let mean = w[slice].reduce(0, +) / Double(fanIn)
            let centred = w[slice].map { $0 - mean }
            let sigma = (centred.reduce(0) { $0 + $1 * $1 } / Double(fanIn - 1)).squareRoot()
            let scale = sigma + 1e-5
            let upstreamMean = h[slice].reduce(0, +) / Double(fanIn)
            let product = zip(h[slice], centred).reduce(0) { $0 + $1.0 * $1.1 }
            for (up, c) in zip(h[slice], centred) {
                gradient.append(
                    (up - upstreamMean) / scale
                        - c * product / (scale * scale * sigma * Double(fanIn - 1)))
            }
        }
        let (u, energies) = try projected(gradient, [6, 5, 3, 3], .convolutionKernel)
        #expect(energies[0] < 1e-25 * energies[1])
        #expect(zip(u, gradient).allSatisfy { abs($0 - $1) < 1e-14 })
    }
}

import CPUBackend
import Graphs
import Optimizers
import ReferenceBackend
import Tensors
import Testing

/// What centralization promises of a whole training run: the mean of each filter under each
/// optimizer.
///
/// *Reference:* reference §1.4, derived from the rules.
@Suite("Centralization over a training run")
struct CentralizationTests {
    private static let stepCount = 3
    private static let rate = 0.01

    private func run(
        _ name: OptimizerName, _ mode: GradientCentralizationMode, lookahead: Int = 0,
        weightDecay: Double = 0.05
    ) throws -> GoldenRun {
        let settings = OptimizerSettings(
            name: name, convention: name.conventions.contains(.reference) ? .reference : nil,
            learningRate: Self.rate, momentum: name.isAdaptive ? 0 : 0.9,
            weightDecay: weightDecay, nesterov: name == .sgd,
            lookahead: name == .ranger ? nil : lookahead)
        return try GoldenRun.make(
            settings, mode, on: ReferenceBackend<Double>(), target: ReferenceTarget(),
            precision: .float64, stepCount: Self.stepCount, batch: 8)
    }

    /// The means of each kernel's filters at the start and at the end.
    private func means(of run: GoldenRun) throws -> [String: [(start: Double, end: Double)]] {
        var means: [String: [(start: Double, end: Double)]] = [:]
        for (name, start) in run.start where start.shape.rank > 1 {
            let end = try #require(run.tensors[name])
            means[name] = zip(self.means(of: start), self.means(of: end)).map { ($0, $1) }
        }
        return means
    }

    private func means(of kernel: HostTensor) -> [Double] {
        let fanIn = kernel.shape.countPerSlice(along: 0)
        let numbers = kernel.doubles()
        return (0..<kernel.shape[0]).map { output in
            numbers[output * fanIn..<(output + 1) * fanIn].reduce(0, +) / Double(fanIn)
        }
    }

    /// The largest change of a filter's mean, for each kernel.
    private func drifts(of run: GoldenRun) throws -> [String: Double] {
        try means(of: run).mapValues { means in
            means.map { abs($0.start - $0.end) }.max() ?? 0
        }
    }

    @Test(
        "Means stay what they were where decay is centralized too, or the whole update is",
        arguments: [
            (OptimizerName.sgd, GradientCentralizationMode.gc), (.adam, .gc2), (.adamw, .gc2),
            (.adagrad, .gc2), (.rmsprop, .gc2), (.radam, .gc2), (.ranger, .gc2),
        ])
    func constantMeans(name: OptimizerName, mode: GradientCentralizationMode) throws {
        for lookahead in [0, 2] {
            let drifts = try drifts(of: run(name, mode, lookahead: lookahead))
            #expect(drifts.count == 10)
            #expect(drifts.values.allSatisfy { $0 < 1e-14 })
        }
    }

    @Test(
        "Means drift without centralization, and under element-wise scaling after it",
        arguments: [
            (OptimizerName.sgd, GradientCentralizationMode.none), (.adam, .gc), (.adamw, .gc),
            (.adagrad, .gc), (.rmsprop, .gc), (.radam, .none),
        ])
    func driftingMeans(name: OptimizerName, mode: GradientCentralizationMode) throws {
        let drifts = try drifts(of: run(name, mode))
        #expect(drifts.values.allSatisfy { $0 > 1e-7 })
    }

    /// Oracle: m ← (1 − η·λ)·m at each step, reference §1.4.
    @Test("Means shrink by exactly the decay under SGDW with gc")
    func shrinkingMeans() throws {
        var factor = 1.0
        for _ in 0..<Self.stepCount { factor *= 1 - Self.rate * 0.05 }
        for means in try means(of: run(.sgdw, .gc)).values {
            for mean in means { #expect(abs(mean.end - factor * mean.start) < 1e-15) }
        }
    }

    @Test("gcc and gcc2 keep the means of convolutions and let those of the classifier move")
    func convolutionsOnly() throws {
        for (name, mode) in [(OptimizerName.sgd, GradientCentralizationMode.gcc), (.adam, .gcc2)] {
            let drifts = try drifts(of: run(name, mode))
            #expect(drifts.allSatisfy { ($0.value < 1e-14) == ($0.key != "fc.weight") })
        }
    }

    @Test("Norms and biases are never centralized")
    func vectors() throws {
        for (name, mode) in [(OptimizerName.sgd, GradientCentralizationMode.gc), (.adam, .gc2)] {
            let settings = OptimizerSettings(name: name, learningRate: 0.01)
            func first(_ mode: GradientCentralizationMode) throws -> GoldenRun {
                try GoldenRun.make(
                    settings, mode, on: ReferenceBackend<Double>(), target: ReferenceTarget(),
                    precision: .float64, stepCount: 1, batch: 8)
            }
            let (centralized, plain) = (try first(mode), try first(.none))
            for (name, start) in centralized.start where start.shape.rank == 1 {
                #expect(centralized.tensors[name] == plain.tensors[name], "\(name)")
            }
        }
    }
}

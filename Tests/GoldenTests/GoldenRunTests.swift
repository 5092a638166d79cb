import CPUBackend
import Graphs
import Optimizers
import ReferenceBackend
import Tensors
import Testing

/// A float32 backend that takes the golden run's ten steps. A new one is one line in `all`.
struct Float32Trainer: Sendable, CustomTestStringConvertible {
    static let all = [
        Float32Trainer("cpu", CPUTarget(threads: 2)) { try CPUBackend(threads: 2) }
    ]

    let testDescription: String
    let run: @Sendable (GradientCentralizationMode) throws -> GoldenRun

    init<Engine: Backend & ~Copyable & SendableMetatype>(
        _ name: String, _ target: any Target, _ make: @escaping @Sendable () throws -> Engine
    ) {
        testDescription = name
        run = { mode in
            try GoldenRun.make(
                GoldenRun.published, mode, on: try make(), target: target, precision: .float32)
        }
    }
}

/// Oracle: PyTorch in float64 with the published update rule (`Tests/Goldens/train.py`).
@Suite("A training run against PyTorch")
struct GoldenRunTests {
    /// The losses and final tensors.
    private func golden(_ mode: GradientCentralizationMode) throws -> [String: HostTensor] {
        try Golden("run-\(mode.rawValue)").tensors.filter { !$0.key.hasPrefix("float32/") }
    }

    @Test(
        "Ten float64 steps on the reference are PyTorch's to ten digits",
        arguments: OptimizerName.sgd.modes)
    func float64(mode: GradientCentralizationMode) throws {
        let run = try GoldenRun.make(
            GoldenRun.published, mode, on: ReferenceBackend<Double>(), target: ReferenceTarget(),
            precision: .float64)
        let golden = try golden(mode)
        #expect(Set(run.tensors.keys) == Set(golden.keys))
        for (name, expected) in golden {
            let tensor = try #require(run.tensors[name])
            #expect(tensor.relativeNorm(ofDifferenceTo: expected) <= 1e-10, "\(name)")
        }
    }

    /// Three times PyTorch's own float32 error where that is more than the bound: the shifts of
    /// norms start at zero, and their gradients cancel almost completely.
    @Test(
        "Ten float32 steps keep losses within 1e-5 and weights within 1e-4 of their norm",
        arguments: Float32Trainer.all, OptimizerName.sgd.modes)
    func float32(trainer: Float32Trainer, mode: GradientCentralizationMode) throws {
        let run = try trainer.run(mode)
        let violations = try violations(of: run, golden: mode)
        #expect(violations == [])
        for other in OptimizerName.sgd.modes where other != mode {
            #expect(try !self.violations(of: run, golden: other).isEmpty, "taken for \(other)")
        }
    }

    private func violations(of run: GoldenRun, golden mode: GradientCentralizationMode) throws
        -> [String]
    {
        let file = try Golden("run-\(mode.rawValue)").tensors
        return try golden(mode).compactMap { name, expected in
            let tensor = try #require(run.tensors[name])
            let own = try #require(file["float32/\(name)"]).doubles()[0]
            let (error, bound) =
                name == "loss"
                ? (tensor.distance(to: expected), 1e-5)
                : (tensor.relativeNorm(ofDifferenceTo: expected), max(1e-4, 3 * own))
            return error <= bound ? nil : "\(name) is off by \(error), allowed \(bound)"
        }
    }

    @Test("The arms are so far apart that swapping two of them would be seen")
    func armsDiffer() throws {
        let modes = OptimizerName.sgd.modes
        for (a, b) in [(modes[0], modes[1]), (modes[0], modes[2]), (modes[1], modes[2])] {
            let (one, other) = (try golden(a), try golden(b))
            let largest = try one.map { name, tensor in
                tensor.relativeNorm(ofDifferenceTo: try #require(other[name]))
            }.max()
            #expect(try #require(largest) > 1e-2)
        }
    }
}

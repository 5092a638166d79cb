import Graphs
import Optimizers
import ReferenceBackend
import Tensors
import Testing

/// Oracle: PyTorch in float64 with the published update rule (`Tests/Goldens/train.py`).
@Suite("A training run against PyTorch")
struct GoldenRunTests {
    private func golden(_ mode: GradientCentralizationMode) throws -> [String: HostTensor] {
        try Golden("run-\(mode.rawValue)").tensors
    }

    @Test(
        "Ten float64 steps on the reference are PyTorch's to ten digits",
        arguments: GradientCentralizationMode.allCases)
    func float64(mode: GradientCentralizationMode) throws {
        let run = try GoldenRun.make(
            mode, on: ReferenceBackend<Double>(), target: ReferenceTarget(), precision: .float64)
        let golden = try golden(mode)
        #expect(Set(run.tensors.keys) == Set(golden.keys))
        for (name, expected) in golden {
            let tensor = try #require(run.tensors[name])
            #expect(tensor.relativeNorm(ofDifferenceTo: expected) <= 1e-10, "\(name)")
        }
    }

    @Test("The arms are so far apart that swapping two of them would be seen")
    func armsDiffer() throws {
        let modes = GradientCentralizationMode.allCases
        for (a, b) in [(modes[0], modes[1]), (modes[0], modes[2]), (modes[1], modes[2])] {
            let (one, other) = (try golden(a), try golden(b))
            let largest = try one.map { name, tensor in
                tensor.relativeNorm(ofDifferenceTo: try #require(other[name]))
            }.max()
            #expect(try #require(largest) > 1e-2)
        }
    }
}

import CPUBackend
import Graphs
import ReferenceBackend
import Tensors
import Testing

/// Oracle: PyTorch and torchvision in float64 (`Tests/Goldens/networks.py`).
@Suite("Networks against PyTorch", .serialized)
struct NetworkGoldenTests {
    private static let file = Result { try Golden("networks") }

    private struct Expected {
        let tensors: [String: HostTensor]
        let images: Shape
        /// PyTorch's own error in float32, by kind.
        let own: [String: Double]

        init(_ network: NetworkGolden) throws {
            let tensors = try file.get().tensors(of: network.name)
            let own = try #require(tensors["float32"]).doubles()
            let images = try #require(tensors["images"])
            self.images = Shape(images.values(as: Int64.self).map { Int($0) })
            self.own = Dictionary(
                uniqueKeysWithValues: zip(["scores", "gradients"], own))
            self.tensors = tensors.filter { !["float32", "images"].contains($0.key) }
        }
    }

    /// Sums of up to some thousand products through a hundred layers: ten digits are left.
    @Test(
        "Scores, losses, gradients and three steps are PyTorch's to nine digits",
        arguments: NetworkGolden.all)
    func float64(network: NetworkGolden) throws {
        let expected = try Expected(network)
        let results = try network.results(
            images: expected.images, on: ReferenceBackend<Double>(), target: ReferenceTarget(),
            precision: .float64)
        for (kind, tensor) in expected.tensors {
            #expect(try distance(kind, results, tensor) < 1e-9, "\(kind)")
        }
    }

    /// Ten times PyTorch's own float32 error, since that is one draw: another order of the sums
    /// makes another error of the same size; and one ten-thousandth, since Winograd's sums are less
    /// exact and one activation may cross the kink of its ReLU. Later steps say nothing in float32:
    /// with two images a batch norm makes a thousand times of every error.
    @Test(
        "In float32 the CPU backend is as near as PyTorch's own float32",
        arguments: NetworkGolden.all)
    func float32(network: NetworkGolden) throws {
        let expected = try Expected(network)
        let results = try network.results(
            images: expected.images, on: try CPUBackend(threads: 2),
            target: CPUTarget(threads: 2), precision: .float32, stepCount: 1)
        for (kind, own) in expected.own {
            let result = try #require(results[kind])
            let oracle = try #require(expected.tensors[kind])
            let error = result.relativeNorm(ofDifferenceTo: oracle)
            #expect(error <= max(10 * own, 1e-4), "\(kind), PyTorch's own is \(own)")
        }
    }

    /// Of numbers, the largest error as a share of the largest one. Of tables of norms and products,
    /// the largest error as a share of its row's norm, or of a ten-thousandth of the largest where
    /// that is more: a bias in front of a norm has no gradient but rounding.
    private func distance(
        _ kind: String, _ results: [String: HostTensor], _ expected: HostTensor
    ) throws -> Double {
        let result = try #require(results[kind])
        try #require(result.shape == expected.shape)
        guard kind == "gradients" || kind == "after" else { return result.distance(to: expected) }
        let (actual, oracle) = (result.doubles(), expected.doubles())
        let norms = stride(from: 0, to: oracle.count, by: 2).map { oracle[$0] }
        let floor = 1e-4 * (norms.max() ?? 0)
        return oracle.indices.reduce(0) {
            max($0, abs(actual[$1] - oracle[$1]) / max(norms[$1 / 2], floor))
        }
    }
}

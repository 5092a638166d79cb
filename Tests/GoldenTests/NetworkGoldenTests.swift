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
        /// PyTorch's own errors in float32 and bfloat16, by kind.
        let float32: [String: Double]
        let bfloat16: [String: Double]

        init(_ network: NetworkGolden) throws {
            let tensors = try file.get().tensors(of: network.name)
            func own(_ format: String, _ kinds: [String]) throws -> [String: Double] {
                Dictionary(
                    uniqueKeysWithValues: zip(kinds, try #require(tensors[format]).doubles()))
            }
            let images = try #require(tensors["images"])
            self.images = Shape(images.values(as: Int64.self).map { Int($0) })
            float32 = try own("float32", ["scores", "gradients"])
            bfloat16 = try own("bfloat16", ["scores", "loss", "gradients"])
            self.tensors = tensors.filter {
                !["float32", "bfloat16", "images"].contains($0.key)
            }
        }
    }

    /// Sums of up to some thousand products through fifty layers: ten digits are left. Through a hundred
    /// the batch statistics of two images magnify rounding further, with every step again: PyTorch's
    /// own float32 gradients are off by 2 to 3 % there.
    @Test(
        "Scores, losses, gradients and three steps are PyTorch's to nine digits, of the deepest to six",
        arguments: NetworkGolden.all)
    func float64(network: NetworkGolden) throws {
        let expected = try Expected(network)
        let results = try network.results(
            images: expected.images, on: ReferenceBackend<Double>(), target: ReferenceTarget(),
            precision: .float64)
        let bound = network.isDeep ? 1e-6 : 1e-9
        for (kind, tensor) in expected.tensors {
            let distance = try distance(kind, results, tensor)
            #expect(distance < bound, "\(kind)")
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
        for (kind, own) in expected.float32 {
            let result = try #require(results[kind])
            let oracle = try #require(expected.tensors[kind])
            let error = result.relativeNorm(ofDifferenceTo: oracle)
            #expect(error <= max(10 * own, 1e-4), "\(kind), PyTorch's own is \(own)")
        }
    }

    /// Three times PyTorch's own bfloat16 error, since that is one draw of a hundred layers' roundings
    /// by up to 2⁻⁹ each, and a hundredth, where it happens to be small. Both compute convolutions and
    /// dense layers in bfloat16 and keep activations in it; weights, statistics and losses are float32.
    /// Losses and gradients of training are compared where PyTorch's own gradients are off by less than
    /// a fifth: the batch statistics of two images make more than that of such roundings in deep
    /// networks. Scores are of evaluation, which has none.
    @Test(
        "In bfloat16 the CPU backend is as near to float64 as PyTorch's own bfloat16",
        arguments: NetworkGolden.all)
    func bfloat16(network: NetworkGolden) throws {
        let expected = try Expected(network)
        let results = try network.results(
            images: expected.images, on: try CPUBackend(threads: 2),
            target: CPUTarget(threads: 2), precision: .bfloat16, stepCount: 1)
        let isComparable = try #require(expected.bfloat16["gradients"]) < 0.2
        for (kind, own) in expected.bfloat16 where kind == "scores" || isComparable {
            let oracle = try #require(expected.tensors[kind])
            let result = try #require(results[kind])
            let error = result.relativeNorm(
                ofDifferenceTo: kind == "loss"
                    ? HostTensor([oracle.doubles()[0]], shape: [1]) : oracle)
            #expect(error <= max(3 * own, 1e-2), "\(kind), PyTorch's own is \(own)")
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

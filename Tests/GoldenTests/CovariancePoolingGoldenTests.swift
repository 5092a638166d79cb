import Graphs
import Tensors
import Testing

/// Oracle: the formulas in PyTorch 2.13, float64, differentiated by it
/// (`Tests/Goldens/covariance.py`).
@Suite("Covariance pooling against PyTorch")
struct CovariancePoolingGoldenTests {
    private static let golden = Result { try Golden("covariance") }

    private func forEach(_ kind: String, count: Int, _ body: (String, GoldenCase) throws -> Void)
        throws
    {
        let golden = try Self.golden.get()
        let names = golden.names(of: kind)
        #expect(names.count == count)
        for name in names { try body(name, GoldenCase(tensors: try golden.tensors(of: name))) }
    }

    /// Newton–Schulz steps amplify rounding by the condition of the covariance: a digit or two.
    private static let bound = 1e-11

    @Test("Covariance, square root and triangle, forward and backward")
    func squareRoot() throws {
        try forEach("isqrt", count: 4) { _, testCase in
            let iterations = try testCase.integers("iterations")[0]
            try testCase.expect(within: Self.bound) { graph, tensor in
                let (x, dv) = (try tensor("x"), try tensor("dv"))
                let sigma = try graph.covariance(x)
                let root = MatrixSquareRoot(iterations: iterations)
                let results = try graph.apply(.matrixSquareRoot(root), to: [sigma])
                let triangle = UpperTriangleGradient(dimension: x.shape[1])
                let dp = try graph.apply(.upperTriangleGradient(triangle), to: [dv])[0]
                let gradient = MatrixSquareRootGradient(iterations: iterations)
                let dSigma = try graph.apply(
                    .matrixSquareRootGradient(gradient), to: [dp, sigma] + results)[0]
                return [
                    "sigma": sigma, "p": results[0], "v": try graph.upperTriangle(results[0]),
                    "dsigma": dSigma,
                    "dx": try graph.apply(
                        .covarianceGradient(CovarianceGradient()), to: [dSigma, x])[0],
                ]
            }
        }
    }

    @Test("Upstream gradients need not be symmetric")
    func asymmetric() throws {
        try forEach("upstream", count: 1) { _, testCase in
            try testCase.expect(within: Self.bound) { graph, tensor in
                let x = try tensor("x")
                let sigma = try graph.covariance(x)
                let root = MatrixSquareRoot(iterations: 5)
                let results = try graph.apply(.matrixSquareRoot(root), to: [sigma])
                let gradient = MatrixSquareRootGradient(iterations: 5)
                return [
                    "dsigma": try graph.apply(
                        .matrixSquareRootGradient(gradient),
                        to: [try tensor("dp"), sigma] + results)[
                            0],
                    "dx": try graph.apply(
                        .covarianceGradient(CovarianceGradient()),
                        to: [try tensor("upstream"), x])[0],
                ]
            }
        }
    }

    @Test("DropCov's attention, its gradients and its drop probability")
    func dropCov() throws {
        try forEach("dropcov", count: 2) { _, testCase in
            try testCase.expect(within: Self.bound) { graph, tensor in
                let (x, w, dy) = (try tensor("x"), try tensor("w"), try tensor("dy"))
                let means = try graph.globalAveragePool(x)
                let attention = try graph.apply(
                    .channelAttention(ChannelAttention()), to: [means, w])[0]
                let weighed = try graph.scalePlanes(x, by: attention, offset: 1)
                let byAttention = try graph.apply(
                    .planeProducts(PlaneProducts()), to: [dy, x])[0]
                let back = try graph.apply(
                    .channelAttentionGradient(ChannelAttentionGradient()),
                    to: [byAttention, attention, means, w])
                let spread = try graph.apply(
                    .globalAveragePoolGradient(GlobalAveragePoolGradient(data: x.spec)),
                    to: [back[0]])[0]
                return [
                    "attention": attention, "weighed": weighed, "dw": back[1],
                    "dx": try graph.add(
                        spread, try graph.scalePlanes(dy, by: attention, offset: 1)),
                    "p": try graph.apply(
                        .dropProbability(DropProbability()), to: [weighed, attention])[0],
                ]
            }
        }
    }

    @Test("Masks are drawn by seed, layer, micro-batch and element alone")
    func mask() throws {
        try forEach("mask", count: 3) { name, testCase in
            let seed = UInt64(try testCase.integers("seed")[0])
            let layer = name.hasSuffix("other layer") ? "dropout" : "adaptive_dropout"
            let scalars = try ["p", "number"].map {
                try #require(testCase.tensors[$0]).doubles()[0]
            }
            try testCase.expect(within: 1e-15) { graph, _ in
                let rule = DropoutMask(
                    DropoutKey(seed: seed, layer: layer), mask: TensorSpec([3, 5], .float64))
                let operands = try scalars.map {
                    try graph.apply(
                        .constant(Constant($0, spec: TensorSpec(.scalar, .float64))), to: [])[0]
                }
                return ["mask": try graph.apply(.dropoutMask(rule), to: operands)[0]]
            }
        }
    }

    /// h(λ): what five steps make of an eigenvalue of a matrix of trace 1; computed apart from any
    /// of this code.
    private static let eigenvalues: [(iterations: Int, [(eigenvalue: Double, root: Double)])] = [
        (5, [(1, 1)]), (5, [(0.8, 0.89442719), (0.2, 0.44720619)]),
        (5, [(0.5, 0.70710678), (0.5, 0.70710678)]),
        (5, [(0.8, 0.89442719)] + Array(repeating: (0.05, 0.21616423), count: 4)),
        (
            5,
            [(0.2, 0.44720619), (0.2, 0.44720619), (0.5, 0.70710678)]
                + Array(repeating: (0.01, 0.06587190), count: 10)
        ),
        (5, Array(repeating: (1.0 / 128, 0.05300968), count: 128)),
        (3, [(0.2, 0.42599225)] + Array(repeating: (0.05, 0.14780231), count: 16)),
    ]

    @Test(
        "Eigenvalues become what the published number of steps makes of them, scaled by the trace")
    func eigenvalueTable() throws {
        for (iterations, pairs) in Self.eigenvalues {
            // A trace of 9: the root of the trace multiplies what the steps make of λ/t.
            let d = pairs.count
            var sigma = [Double](repeating: 0, count: d * d)
            for (i, pair) in pairs.enumerated() { sigma[i * (d + 1)] = 9 * pair.eigenvalue }
            var p = [Double](repeating: 0, count: d * d)
            for (i, pair) in pairs.enumerated() { p[i * (d + 1)] = 3 * pair.root }
            let testCase = GoldenCase(tensors: [
                "sigma": HostTensor(sigma, shape: [1, d, d]), "p": HostTensor(p, shape: [1, d, d]),
            ])
            // The table has eight digits; its largest number in a case may be as small as 0.05.
            try testCase.expect(within: 1e-7) { graph, tensor in
                ["p": try graph.squareRoot(try tensor("sigma"), iterations: iterations)]
            }
        }
    }

    @Test("An image without variance has the root zero and no gradient, not NaN")
    func noVariance() throws {
        let zeros = HostTensor([Double](repeating: 0, count: 9), shape: [1, 3, 3])
        let ones = HostTensor([Double](repeating: 1, count: 9), shape: [1, 3, 3])
        let testCase = GoldenCase(tensors: [
            "sigma": zeros, "dp": ones, "p": zeros, "dsigma": zeros,
        ])
        try testCase.expect(within: 0) { graph, tensor in
            let sigma = try tensor("sigma")
            let root = MatrixSquareRoot(iterations: 5)
            let results = try graph.apply(.matrixSquareRoot(root), to: [sigma])
            let gradient = MatrixSquareRootGradient(iterations: 5)
            return [
                "p": results[0],
                "dsigma": try graph.apply(
                    .matrixSquareRootGradient(gradient), to: [try tensor("dp"), sigma] + results)[
                        0],
            ]
        }
    }
}

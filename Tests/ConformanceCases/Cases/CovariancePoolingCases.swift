import Graphs
import Tensors

extension ConformanceCase {
    static let covariancePooling =
        roots + [zeroVariance] + triangles + attentions + planes + probabilities
        + [zeroCosine] + masks

    private static let images: [Shape] = [
        [1, 2, 1, 1], [2, 3, 2, 2], [5, 16, 3, 5], [3, 17, 7, 6], [2, 48, 4, 4],
    ]

    /// The whole way there and back: the root's gradient needs a true covariance.
    private static let roots = images.flatMap { shape in
        [2, 3, 5].map { iterations in
            ConformanceCase(
                "square root of a covariance \(shape), \(iterations) steps", .statistics
            ) {
                writer throws(ShapeError) in
                let x = writer.master("x", shape, .uniform(0..<2))
                try writer.squareRootOfCovariance(x, iterations: iterations)
            }
        }
    }

    private static let zeroVariance = ConformanceCase(
        "square root of a covariance that is zero", .exact
    ) {
        writer throws(ShapeError) in
        let x = writer.master("x", [2, 5, 3, 3], .constant(0.5))
        try writer.squareRootOfCovariance(x, iterations: 5)
    }

    private static let triangles = [(1, 2), (3, 5), (4, 16)].map { count, d in
        ConformanceCase("upper triangle of \(count) matrices of \(d)", .exact) {
            writer throws(ShapeError) in
            let p = writer.master("p", [count, d, d])
            let v = try writer.apply(.upperTriangle(UpperTriangle()), to: [p])[0]
            let dv = writer.master("dv", v.shape)
            let rule = UpperTriangleGradient(dimension: d)
            try writer.apply(.upperTriangleGradient(rule), to: [dv], output: "dp")
        }
    }

    private static let attentions = [(1, 2), (3, 5), (7, 128)].map { count, channels in
        ConformanceCase("channel attention [\(count), \(channels)]", .sum) {
            writer throws(ShapeError) in
            let s = writer.master("s", [count, channels], .uniform(-3..<3))
            let w = writer.weight("w", [1, 1, 3], .denseKernel)
            let omega = try writer.apply(.channelAttention(ChannelAttention()), to: [s, w])[0]
            let gradient = writer.master("gradient", omega.shape)
            try writer.apply(
                .channelAttentionGradient(ChannelAttentionGradient()),
                to: [gradient, omega, s, w], output: "back")
        }
    }

    private static let planes = images.map { shape in
        ConformanceCase("planes scaled and multiplied \(shape)", .sum) {
            writer throws(ShapeError) in
            let (x, other) = (writer.master("x", shape), writer.master("other", shape))
            let a = writer.master("a", [shape[0], shape[1]])
            try writer.apply(.planeProducts(PlaneProducts()), to: [x, other], output: "products")
            try writer.apply(.scalePlanes(ScalePlanes(offset: 1)), to: [x, a], output: "scaled")
            try writer.apply(.scalePlanes(ScalePlanes()), to: [other, a], output: "plain")
        }
    }

    /// Weights that agree with the covariance, so that p is neither 0 nor 1, and ones that do not.
    private static let probabilities = [0.3..<1.0, -0.1..<0.1].flatMap { range in
        images.dropFirst().map { shape in
            ConformanceCase("drop probability \(shape), weights in \(range)", .statistics) {
                writer throws(ShapeError) in
                let x = writer.master("x", shape, .uniform(0..<2))
                let omega = writer.master("omega", [shape[0], shape[1]], .uniform(range))
                try writer.apply(.dropProbability(DropProbability()), to: [x, omega])
            }
        }
    }

    /// Nothing varies, so that no cosine is defined: it counts as 0, and every channel is dropped.
    private static let zeroCosine = ConformanceCase(
        "drop probability of images without variance", .exact
    ) {
        writer throws(ShapeError) in
        let x = writer.master("x", [2, 5, 3, 3], .constant(0.5))
        let omega = writer.master("omega", [2, 5], .uniform(0.3..<1))
        try writer.apply(.dropProbability(DropProbability()), to: [x, omega])
    }

    private static let masks = [0, 0.3, 0.9, 1].map { p in
        ConformanceCase("dropout mask with probability \(p)", .elementWise, steps: 2) {
            writer throws(ShapeError) in
            let rule = DropoutMask(layer: 3, mask: TensorSpec([7, 33], writer.master))
            try writer.apply(
                .dropoutMask(rule),
                to: [
                    writer.master("p", .scalar, .constant(p)),
                    writer.input("key", TensorSpec(.scalar, .int64), .stepNumber),
                ])
        }
    }
}

extension CaseWriter {
    fileprivate func squareRootOfCovariance(_ x: Value, iterations: Int) throws(ShapeError) {
        let sigma = try apply(.covariance(Covariance()), to: [x], output: "sigma")[0]
        let root = MatrixSquareRoot(iterations: iterations)
        let results = try apply(.matrixSquareRoot(root), to: [sigma], output: "root")
        let dp = master("dp", sigma.shape)
        let gradient = MatrixSquareRootGradient(iterations: iterations)
        let dSigma = try apply(
            .matrixSquareRootGradient(gradient), to: [dp, sigma] + results, output: "dsigma")[0]
        try apply(.covarianceGradient(CovarianceGradient()), to: [dSigma, x], output: "dx")
    }
}

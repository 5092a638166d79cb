import Graphs
import Tensors

extension LayerWriter {
    /// The vector `[N, D]` that a head makes of the last features `[N, C, H, W]`.
    func pool(_ x: Value, _ head: Head) throws(ShapeError) -> Value {
        switch head {
        case .averagePooling:
            return try graph.scope("avgpool") { () throws(ShapeError) in
                try graph.globalAveragePool(x)
            }
        case .fastMPN(let dimension, let iterations):
            let covariance = try self.covariance(of: try reduce(x, to: dimension))
            let root = try graph.scope("square_root") { () throws(ShapeError) in
                try graph.squareRoot(covariance, iterations: iterations)
            }
            return try triangle(of: root)
        case .dropCov(let dimension):
            let reduced = try adaptiveDropout(try reduce(x, to: dimension))
            return try triangle(of: try covariance(of: reduced))
        }
    }

    private func reduce(_ x: Value, to dimension: Int) throws(ShapeError) -> Value {
        let reduced = try convolution(
            x, Head.reduction, outputs: dimension, window: Window(kernel: 1))
        return try relu(try normalize(reduced, Head.reductionNorm), "layer_reduce_relu")
    }

    private func covariance(of x: Value) throws(ShapeError) -> Value {
        try graph.scope("covariance") { () throws(ShapeError) in try graph.covariance(x) }
    }

    private func triangle(of matrices: Value) throws(ShapeError) -> Value {
        try graph.scope("triangle") { () throws(ShapeError) in try graph.upperTriangle(matrices) }
    }

    // MARK: - DropCov

    /// Weighs channels, and drops some of them with a probability that the batch decides. It is
    /// for training alone; evaluation only has its kernel.
    private func adaptiveDropout(_ x: Value) throws(ShapeError) -> Value {
        try graph.scope(Head.attention) { () throws(ShapeError) in
            // Across channels, not over space: `gcc`, which asks for kernels over space, leaves it
            // alone as it does in the published code.
            let kernel = graph.parameter(
                "weight", [1, 1, 3], Parameter(role: .denseKernel),
                initialization.denseKernel(.init(fanIn: 3, fanOut: 3)))
            guard isTraining else { return x }
            let x = try graph.convert(x, to: graph.precision.master)
            let means = try graph.globalAveragePool(x)
            let attention = try graph.apply(
                .channelAttention(ChannelAttention()), to: [means, kernel])[0]
            let weighed = try graph.scalePlanes(x, by: attention, offset: 1)
            let probability = try graph.apply(
                .dropProbability(DropProbability()), to: [weighed, attention])[0]
            let mask = try graph.dropoutMask(like: attention, probability: probability)
            return try graph.scalePlanes(weighed, by: mask)
        }
    }
}

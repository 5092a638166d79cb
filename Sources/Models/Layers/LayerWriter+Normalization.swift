public import Graphs
import Tensors

extension LayerWriter {
    /// The constant under the square root of every norm (PyTorch's default).
    private static let epsilon = 1e-5
    /// The weight of the newest batch in running statistics (PyTorch's default).
    private static let runningRate = 0.1

    /// The spec's normalization over x `[N, C, H, W]`.
    public func normalize(_ x: Value, _ name: String) throws(ShapeError) -> Value {
        try graph.scope(name) { () throws(ShapeError) in
            let channels = x.shape[1]
            let scale = graph.parameter(
                "weight", [channels], Parameter(role: .normalizationScale), .constant(1))
            let shift = graph.parameter(
                "bias", [channels], Parameter(role: .normalizationShift), .constant(0))
            switch normalization {
            case .batch: return try batchNormalize(x, scale: scale, shift: shift)
            case .group(let groups):
                return try apply(.group(groups: groups), to: [x, scale, shift])[0]
            }
        }
    }

    private func apply(_ statistics: StatisticsScope, to operands: [Value])
        throws(ShapeError) -> [Value]
    {
        let rule = NormalizationForward(statistics: statistics, epsilon: Self.epsilon)
        return try graph.apply(.normalization(rule), to: operands)
    }

    private func batchNormalize(_ x: Value, scale: Value, shift: Value)
        throws(ShapeError) -> Value
    {
        let channels = x.shape[1]
        let mean = graph.runningStatistic("running_mean", [channels], startingAt: 0)
        let variance = graph.runningStatistic("running_var", [channels], startingAt: 1)
        guard isTraining else {
            let rule = NormalizationInference(epsilon: Self.epsilon)
            return try graph.apply(
                .normalizationInference(rule), to: [x, scale, shift, mean, variance])[0]
        }
        let count = x.shape.countPerSlice(along: 1)
        guard count > 1 else {
            throw ShapeError(
                "\(graph.scopePath): batch normalization",
                "\(x.shape) has one value per channel, which has no variance; "
                    + "use a larger batch_size or image")
        }
        let results = try apply(.batch, to: [x, scale, shift])
        let unbiased = Double(count) / Double(count - 1)
        try average(results[1], into: mean, factor: 1)
        try average(results[2], into: variance, factor: unbiased)
        return results[0]
    }

    private func average(_ new: Value, into running: Value, factor: Double) throws(ShapeError) {
        guard updatesStatistics else { return }
        let rule = ExponentialAverage(rate: Self.runningRate, factor: factor)
        graph.assign(
            try graph.apply(.exponentialAverage(rule), to: [running, new])[0], to: running)
    }
}

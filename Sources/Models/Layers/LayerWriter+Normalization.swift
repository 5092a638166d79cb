public import Graphs
import Tensors

extension LayerWriter {
    /// The constant under the square root of every norm (PyTorch's default).
    private static let epsilon = 1e-5
    /// The weight of the newest batch in running statistics (PyTorch's default).
    private static let runningRate = 0.1

    /// The spec's normalization over x `[N, C, H, W]`.
    public func normalize(_ x: Value, _ name: String) throws(ShapeError) -> Value {
        if normalization.kind == .none { return x }
        return try graph.scope(name) { () throws(ShapeError) in
            let channels = x.shape[1]
            switch normalization.kind {
            case .batch: return try batchNormalize(x)
            case .group(let groups): return try normalize(x, groups: groups)
            case .layer: return try normalize(x, groups: 1)
            case .instance:
                try expectVariance(countedOver: x.shape[2] * x.shape[3], of: x)
                return try normalize(x, groups: channels)
            case .frozenBatch: return try frozenBatchNormalize(x)
            case .none: return x
            }
        }
    }

    private func affine(channels: Int) -> (scale: Value, shift: Value) {
        (
            graph.parameter(
                "weight", [channels], Parameter(role: .normalizationScale),
                initialization.normalizationScale),
            graph.parameter(
                "bias", [channels], Parameter(role: .normalizationShift), .constant(0))
        )
    }

    private func apply(_ statistics: StatisticsScope, to x: Value) throws(ShapeError) -> [Value] {
        let (scale, shift) = affine(channels: x.shape[1])
        let rule = NormalizationForward(statistics: statistics, epsilon: Self.epsilon)
        return try graph.apply(.normalization(rule), to: [x, scale, shift])
    }

    private func normalize(_ x: Value, groups: Int) throws(ShapeError) -> Value {
        try apply(.group(groups: groups), to: x)[0]
    }

    private func runningStatistics(channels: Int) -> (mean: Value, variance: Value) {
        (
            graph.runningStatistic("running_mean", [channels], startingAt: 0),
            graph.runningStatistic("running_var", [channels], startingAt: 1)
        )
    }

    private func normalize(_ x: Value, by constants: [Value]) throws(ShapeError) -> Value {
        let rule = NormalizationInference(epsilon: Self.epsilon)
        return try graph.apply(.normalizationInference(rule), to: [x] + constants)[0]
    }

    private func batchNormalize(_ x: Value) throws(ShapeError) -> Value {
        let channels = x.shape[1]
        guard isTraining else {
            let (scale, shift) = affine(channels: channels)
            let (mean, variance) = runningStatistics(channels: channels)
            return try normalize(x, by: [scale, shift, mean, variance])
        }
        let count = x.shape.countPerSlice(along: 1)
        try expectVariance(countedOver: count, of: x)
        let results = try apply(.batch, to: x)
        let (mean, variance) = runningStatistics(channels: channels)
        let unbiased = Double(count) / Double(count - 1)
        try average(results[1], into: mean, factor: 1)
        try average(results[2], into: variance, factor: unbiased)
        return results[0]
    }

    /// Scale and shift are stored like the statistics, as torchvision's frozen norm does: no
    /// optimizer sees them, and the trainable parameters do not count them.
    private func frozenBatchNormalize(_ x: Value) throws(ShapeError) -> Value {
        let channels = x.shape[1]
        let scale = graph.runningStatistic("weight", [channels], startingAt: 1)
        let shift = graph.runningStatistic("bias", [channels], startingAt: 0)
        let (mean, variance) = runningStatistics(channels: channels)
        return try normalize(x, by: [scale, shift, mean, variance])
    }

    private func expectVariance(countedOver count: Int, of x: Value) throws(ShapeError) {
        guard count > 1 else {
            throw ShapeError(
                "\(graph.scopePath): \(normalization.kind == .batch ? "batch" : "instance") "
                    + "normalization",
                "\(x.shape) has one value per channel, which has no variance; "
                    + "use a larger batch_size or image")
        }
    }

    private func average(_ new: Value, into running: Value, factor: Double) throws(ShapeError) {
        let rule = ExponentialAverage(rate: Self.runningRate, factor: factor)
        graph.assign(
            try graph.apply(.exponentialAverage(rule), to: [running, new])[0], to: running)
    }
}

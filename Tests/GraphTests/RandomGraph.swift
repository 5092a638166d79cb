import Graphs
import Models
import Optimizers
import Tensors

/// A random network with its backward pass and its updates: branches, joins, values that are used
/// late, parameters that are used twice.
struct RandomGraph {
    private var random: CounterRandom
    private let clips: Bool
    private let graph = GraphBuilder(precision: .float64)
    /// Every activation so far, so that some are picked up again much later.
    private var values: [Value] = []
    private var count = 0

    /// - Parameter clips: whether updates may wait for the norm of all gradients.
    static func make(seed: UInt64, clips: Bool = true) throws -> Graph {
        var maker = RandomGraph(seed: seed, clips: clips)
        return try maker.finish()
    }

    private init(seed: UInt64, clips: Bool) {
        random = CounterRandom(seed: seed, stream: .test)
        self.clips = clips
    }

    private mutating func finish() throws -> Graph {
        let batch = 1 + random.integer(below: 3)
        values = [graph.input("images", TensorSpec([batch, 4, 6, 6], .float64))]
        for _ in 0..<6 + random.integer(below: 8) { try appendLayer() }
        try joinLeftovers()
        let labels = graph.input("labels", TensorSpec([batch], .int64))
        let weight = graph.parameter("fc", [5, 4], Parameter(role: .denseKernel), .constant(0))
        let bias = graph.parameter("fc_bias", [5], Parameter(role: .bias), .constant(0))
        let pooled = try graph.globalAveragePool(values[values.count - 1])
        let loss = try graph.softmaxCrossEntropy(
            try graph.dense(pooled, weight, bias: bias), labels: labels)
        graph.output("loss", loss)
        try appendUpdates(of: loss)
        return graph.finish()
    }

    private mutating func pick() -> Value { values[random.integer(below: values.count)] }

    private mutating func appendLayer() throws {
        let x = random.integer(below: 3) == 0 ? pick() : values[values.count - 1]
        count += 1
        let name = "layer\(count)"
        let (kind, isGroup) = (random.integer(below: 6), random.integer(below: 2) == 0)
        let other = pick()
        values.append(
            try graph.scope(name) {
                switch kind {
                case 0: try convolution(x, kernel: 1)
                case 1: try convolution(try convolution(x, kernel: 3), kernel: 3)
                case 2: try normalization(x, isGroup ? .group(groups: 2) : .batch)
                case 3: try graph.relu(try normalization(x, .batch))
                case 4: try graph.relu(try graph.add(try normalization(x, .batch), other))
                default: try graph.maxPool(x, window: Window(kernel: 3, padding: 1))
                }
            })
    }

    /// The same kernel for both, if one scope holds two convolutions.
    private func convolution(_ x: Value, kernel: Int) throws(ShapeError) -> Value {
        let shape: Shape = [4, 4, kernel, kernel]
        let path = graph.path("weight")
        let weight =
            graph.finish().variable(path)?.value
            ?? graph.parameter("weight", shape, Parameter(role: .convolutionKernel), .constant(0))
        return try graph.convolution(
            x, weight, window: Window(kernel: kernel, padding: kernel / 2))
    }

    private func normalization(_ x: Value, _ scope: StatisticsScope) throws(ShapeError) -> Value {
        let scale = graph.parameter(
            "scale", [4], Parameter(role: .normalizationScale), .constant(1))
        let shift = graph.parameter(
            "shift", [4], Parameter(role: .normalizationShift), .constant(0))
        let rule = NormalizationForward(statistics: scope, epsilon: 1e-5)
        let results = try graph.apply(.normalization(rule), to: [x, scale, shift])
        if scope == .batch {
            let running = graph.runningStatistic("running_mean", [4], startingAt: 0)
            let average = ExponentialAverage(rate: 0.1)
            graph.assign(
                try graph.apply(.exponentialAverage(average), to: [running, results[1]])[0],
                to: running)
        }
        return results[0]
    }

    private mutating func joinLeftovers() throws {
        for _ in 0..<2 { values.append(try graph.add(values[values.count - 1], pick())) }
    }

    private mutating func appendUpdates(of loss: Value) throws {
        let names = OptimizerName.allCases
        let name = names[random.integer(below: names.count)]
        let convention = name.conventions[random.integer(below: name.conventions.count)]
        func sometimes(_ number: Double) -> Double { random.integer(below: 2) == 0 ? number : 0 }
        let settings = OptimizerSettings(
            name: name, convention: convention, learningRate: 0.01,
            momentum: name.isAdaptive ? 0 : sometimes(0.9), weightDecay: sometimes(1e-3),
            amsgrad: name == .adam && random.integer(below: 2) == 0,
            lookahead: name == .ranger ? nil : Int(sometimes(2)), clipNorm: clips ? sometimes(1) : 0
        )
        let assignment = OptimizerAssignment(
            settings, name.modes[random.integer(below: name.modes.count)])
        try assignment.writeUpdates(
            of: loss, learningRate: graph.input("rate", TensorSpec(.scalar, .float64)),
            step: graph.input("step", TensorSpec(.scalar, .float64)), in: graph)
    }
}

import Graphs
import Models
import Optimizers
import Tensors
import Testing

/// Steps of ResNet-8 on one batch, as `Tests/Goldens/train.py` takes them with PyTorch.
struct GoldenRun {
    /// Every parameter and running statistic at the start.
    let start: [String: HostTensor]
    /// The loss before each step, then every parameter and running statistic after the last.
    let tensors: [String: HostTensor]

    /// The optimizer that `train.py` writes out.
    static let published = OptimizerSettings(
        learningRate: 0.001, momentum: 0.9, weightDecay: 5e-4)

    static func make<Engine: Backend & ~Copyable>(
        _ settings: OptimizerSettings, _ mode: GradientCentralizationMode,
        on engine: consuming Engine, target: any Target,
        precision: Precision, stepCount: Int = 10, batch: Int = 128
    ) throws -> GoldenRun {
        let graph = try graph(settings, mode, precision, batch: batch)
        let plan = try Planner(target: target).plan(graph)
        let executor = try Executor.make(plans: [plan], on: engine)
        for variable in graph.variables {
            try executor.load(variable.start(), into: variable)
        }
        var losses: [Double] = []
        for step in 0..<stepCount {
            try executor.write(images(batch), to: try #require(plan.input("images")))
            try executor.write(labels(batch), to: try #require(plan.input("labels")))
            try executor.write(settings.learningRate, to: try #require(plan.input("rate")))
            try executor.write(Double(step), to: try #require(plan.input("step")))
            try executor.run()
            losses.append(try executor.number(in: try #require(plan.output("loss"))))
        }
        var start: [String: HostTensor] = [:]
        var tensors = ["loss": HostTensor(losses, shape: [stepCount])]
        for variable in graph.variables where !variable.isOptimizerState {
            start[variable.path] = try variable.start()
            tensors[variable.path] = try executor.read(variable)
        }
        return GoldenRun(start: start, tensors: tensors)
    }

    private static func graph(
        _ settings: OptimizerSettings, _ mode: GradientCentralizationMode,
        _ precision: Precision, batch: Int
    ) throws -> Graph {
        let graph = GraphBuilder(precision: precision)
        let images = graph.input(
            "images", TensorSpec([batch, 3, 32, 32], precision.activations))
        let labels = graph.input("labels", TensorSpec([batch], .int64))
        let layers = LayerWriter(
            graph: graph, normalization: .batch, initialization: .torch, isTraining: true)
        let scores = try Backbone.resnet8(images, stem: .cifar, classCount: 10, in: layers)
        let loss = try graph.softmaxCrossEntropy(scores, labels: labels)
        graph.output("loss", loss)
        try OptimizerAssignment(settings, mode).writeUpdates(
            of: loss, learningRate: graph.input("rate", TensorSpec(.scalar, precision.master)),
            step: graph.input("step", TensorSpec(.scalar, precision.master)), in: graph)
        return graph.finish()
    }

    private static func images(_ batch: Int) -> HostTensor {
        let pixels = (0..<batch).flatMap { n in
            var random = CounterRandom(seed: 0, stream: .test, index: n)
            return (0..<3 * 32 * 32).map { _ in random.uniform() - 0.5 }
        }
        return HostTensor(pixels, shape: [batch, 3, 32, 32])
    }

    private static func labels(_ batch: Int) -> HostTensor {
        HostTensor((0..<batch).map { Int64($0 % 10) }, shape: [batch])
    }
}

extension Variable {
    fileprivate var isOptimizerState: Bool {
        switch kind {
        case .optimizerState: true
        case .parameter, .runningStatistic, .weightCopy: false
        }
    }

    /// The program's own initialization with seed 0.
    fileprivate func start() throws -> HostTensor {
        var random = CounterRandom(seed: 0, stream: .initialization, name: path)
        let numbers: [Double]
        switch initializer {
        case .constant(let number): numbers = Array(repeating: number, count: spec.shape.count)
        case .uniform(let bound):
            numbers = (0..<spec.shape.count).map { _ in random.uniform(in: -bound..<bound) }
        case .normal, .truncatedNormal, .unitUniform:
            throw ShapeError(path, "ResNet-8 starts from no such numbers")
        }
        return HostTensor(numbers, shape: spec.shape)
    }
}

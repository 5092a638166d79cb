import Graphs
import Models
import Optimizers
import Tensors
import Testing

/// An architecture as `Tests/Goldens/networks.py` runs it with PyTorch: from drawn weights, scores in
/// evaluation mode and three steps of SGD with momentum on one batch.
struct NetworkGolden: Sendable, CustomTestStringConvertible {
    /// The script's name of it.
    let name: String
    let backbone: Backbone
    let stem: Stem
    var stridePlace = StridePlace.threeByThree
    var head = Head.averagePooling
    var classCount = 10

    var testDescription: String { name }

    /// Whether it has a hundred layers.
    var isDeep: Bool { name.contains("101") }

    static let all = [
        NetworkGolden(name: "resnet18", backbone: .resnet18, stem: .cifar),
        NetworkGolden(name: "resnet34", backbone: .resnet34, stem: .imagenet),
        NetworkGolden(name: "resnet50", backbone: .resnet50, stem: .imagenet),
        NetworkGolden(
            name: "resnet50 1x1", backbone: .resnet50, stem: .cifar, stridePlace: .oneByOne),
        NetworkGolden(name: "resnet101", backbone: .resnet101, stem: .imagenet),
        NetworkGolden(name: "resnext29_4x64d", backbone: .resnext29x4x64d, stem: .cifar),
        NetworkGolden(name: "resnext50_32x4d", backbone: .resnext50x32x4d, stem: .imagenet),
        NetworkGolden(name: "resnext50_64x4d", backbone: .resnext50x64x4d, stem: .cifar),
        NetworkGolden(name: "resnext101_32x4d", backbone: .resnext101x32x4d, stem: .cifar),
        NetworkGolden(name: "resnext101_64x4d", backbone: .resnext101x64x4d, stem: .cifar),
        NetworkGolden(name: "vgg11", backbone: .vgg11, stem: .cifar),
        NetworkGolden(name: "densenet121", backbone: .densenet121, stem: .cifar),
        NetworkGolden(
            name: "keras_cnn", backbone: .kerasNetwork, stem: .imagenet, classCount: 2),
        NetworkGolden(
            name: "resnet18 fast_mpn", backbone: .resnet18, stem: .cifar,
            head: .fastMPN(dimension: 16, iterations: 5)),
        NetworkGolden(
            name: "resnet50 fast_mpn", backbone: .resnet50, stem: .cifar,
            head: .fastMPN(dimension: 8, iterations: 3)),
        NetworkGolden(
            name: "resnet34 dropcov", backbone: .resnet34, stem: .cifar,
            head: .dropCov(dimension: 16)),
    ]

    private static let settings = OptimizerSettings(learningRate: 0.0001, momentum: 0.9)

    // MARK: - Running

    /// What a backend makes of the network, under the names of the golden file.
    func results<Engine: Backend & ~Copyable>(
        images: Shape, on engine: consuming Engine, target: any Target, precision: Precision,
        stepCount: Int = 3
    ) throws -> [String: HostTensor] {
        let planner = Planner(target: target)
        let (training, evaluation) = (
            try trainingGraph(images, precision), try evaluationGraph(images, precision)
        )
        let plan = try planner.plan(training)
        let plans = [plan, try planner.plan(evaluation, sharing: plan.variables)]
        let executor = try Executor.make(plans: plans, on: engine)
        for variable in training.variables where !variable.isCopy {
            try executor.load(variable.drawn(), into: variable)
        }
        try executor.write(Self.images(images), to: try #require(plans[1].input("images")))
        try executor.run(plan: 1)
        var results = [
            "scores": try executor.read(try #require(plans[1].output("scores")))
        ]
        var losses: [Double] = []
        for step in 0..<stepCount {
            try write(step, images, to: plan, executor)
            try executor.run(plan: 0)
            losses.append(try executor.number(in: try #require(plan.output("loss"))))
            guard step == 0 else { continue }
            // After the first step the momentum is the gradient.
            results["gradients"] = try summary(training, executor, "momentum_buffer")
        }
        results["loss"] = HostTensor(losses, shape: [losses.count])
        results["after"] = try summary(training, executor, nil)
        return results
    }

    private func write<Engine: Backend & ~Copyable>(
        _ step: Int, _ images: Shape, to plan: Plan, _ executor: borrowing Executor<Engine>
    ) throws {
        try executor.write(Self.images(images), to: try #require(plan.input("images")))
        let labels = HostTensor(
            (0..<images[0]).map { Int64($0 % classCount) }, shape: [images[0]])
        try executor.write(labels, to: try #require(plan.input("labels")))
        try executor.write(
            Self.settings.learningRate, to: try #require(plan.input("rate")))
        try executor.write(Double(step), to: try #require(plan.input("step")))
        guard let key = plan.input(GraphBuilder.dropoutKeyName) else { return }
        var random = CounterRandom(seed: 0, stream: .dropout, index: step)
        try executor.write(Int64(bitPattern: random.next()), to: key)
    }

    private static func images(_ shape: Shape) -> HostTensor {
        draws(shape, "images", in: -0.5..<0.5)
    }

    // MARK: - Graphs

    private func scores(_ images: Shape, _ graph: GraphBuilder, isTraining: Bool) throws -> Value {
        let layers = LayerWriter(
            graph: graph, normalization: backbone.publishedNormalization, initialization: .torch,
            isTraining: isTraining)
        return try backbone(
            graph.input("images", TensorSpec(images, graph.precision.activations)), stem: stem,
            stridePlace: stridePlace, head: head, classCount: classCount, in: layers)
    }

    private func evaluationGraph(_ images: Shape, _ precision: Precision) throws -> Graph {
        let graph = GraphBuilder(precision: precision)
        graph.output("scores", try scores(images, graph, isTraining: false))
        return graph.finish()
    }

    private func trainingGraph(_ images: Shape, _ precision: Precision) throws -> Graph {
        let graph = GraphBuilder(precision: precision)
        let scores = try scores(images, graph, isTraining: true)
        let labels = graph.input("labels", TensorSpec([images[0]], .int64))
        let loss =
            try scores.shape[1] == 1
            ? graph.sigmoidCrossEntropy(scores, labels: labels)
            : graph.softmaxCrossEntropy(scores, labels: labels)
        graph.output("loss", loss)
        try OptimizerAssignment(Self.settings, .none).writeUpdates(
            of: loss, learningRate: graph.input("rate", TensorSpec(.scalar, precision.master)),
            step: graph.input("step", TensorSpec(.scalar, precision.master)), in: graph)
        return graph.finish()
    }

    // MARK: - Summaries

    /// Of each tensor, by sorted path, its norm and its product with a drawn probe, `[tensors, 2]`.
    ///
    /// - Parameter state: the optimizer state that is meant; nil for parameters and statistics.
    private func summary<Engine: Backend & ~Copyable>(
        _ graph: Graph, _ executor: borrowing Executor<Engine>, _ state: String?
    ) throws -> HostTensor {
        let variables = graph.variables.filter { variable in
            switch variable.kind {
            case .parameter, .runningStatistic: state == nil
            case .optimizerState: state.map(variable.path.hasSuffix) ?? false
            case .weightCopy, .gradientSum: false
            }
        }.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        let rows = try variables.flatMap { variable in
            let path = variable.path.dropLast(state.map { $0.count + 1 } ?? 0)
            let numbers = try executor.read(variable).doubles()
            let probe = draws(variable.spec.shape, "\(path)/probe", in: -1..<1).doubles()
            let norm = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return [norm, zip(numbers, probe).reduce(0) { $0 + $1.0 * $1.1 }]
        }
        return HostTensor(rows, shape: [variables.count, 2])
    }
}

/// Uniform numbers that depend on the name alone, as `counter_random.py` draws them.
private func draws(_ shape: Shape, _ name: String, in range: Range<Double>) -> HostTensor {
    HostTensor(
        shape, from: CounterRandom(seed: 0, stream: .test, name: name), pairsPerNumber: 1
    ) { $0.uniform(in: range) }
}

extension Variable {
    /// What the script starts from: numbers that keep activations near one.
    fileprivate func drawn() -> HostTensor {
        if case .optimizerState = kind {
            return HostTensor(
                Array(repeating: 0.0, count: spec.shape.count), shape: spec.shape)
        }
        // Attention so unequal that some channels are dropped, and not all.
        let bound =
            path.hasPrefix("adaptive_dropout")
            ? 20 : (3 / Double(spec.shape.countPerSlice(along: 0))).squareRoot()
        let range =
            path.hasSuffix("running_var")
            ? 0.5..<1.5
            : spec.shape.rank > 1
                ? -bound..<bound : path.hasSuffix("weight") ? 0.8..<1.2 : -0.2..<0.2
        return draws(spec.shape, path, in: range)
    }
}

import Graphs
import Tensors
import Testing

/// One operation, from parameters to a result that a fixed convolution and a cross-entropy read.
struct DifferentiableCase: Sendable, CustomTestStringConvertible {
    let name: String
    /// The parameters, by path, with the range of their numbers.
    let parameters: [(path: String, shape: Shape, numbers: Range<Double>)]
    let write: @Sendable (GraphBuilder, [Value]) throws(ShapeError) -> Value

    var testDescription: String { name }

    init(
        _ name: String, _ parameters: [(path: String, shape: Shape, numbers: Range<Double>)],
        _ write: @escaping @Sendable (GraphBuilder, [Value]) throws(ShapeError) -> Value
    ) {
        self.name = name
        self.parameters = parameters
        self.write = write
    }

    /// The loss and its gradients as outputs.
    func graph() throws -> Graph {
        let graph = GraphBuilder(precision: .float64)
        let values = parameters.map {
            graph.parameter($0.path, $0.shape, Parameter(role: .bias), .constant(0))
        }
        let result = try write(graph, values)
        let loss = try readOut(result, graph)
        graph.output("loss", loss)
        for (variable, gradient) in try graph.gradients(of: loss) {
            graph.output(variable.path, gradient)
        }
        return graph.finish()
    }

    /// A loss that weighs every element of the result differently.
    private func readOut(_ y: Value, _ graph: GraphBuilder) throws(ShapeError) -> Value {
        if y.shape == .scalar { return y }
        let labels = graph.input("labels", TensorSpec([y.shape[0]], .int64))
        guard y.shape.rank == 4 else { return try graph.softmaxCrossEntropy(y, labels: labels) }
        let kernel: Shape = [5, y.shape[1], y.shape[2], y.shape[2]]
        let reader = graph.runningStatistic("reader", kernel, startingAt: 0)
        let scores = try graph.convolution(y, reader, window: Window(kernel: y.shape[2]))
        return try graph.softmaxCrossEntropy(try graph.globalAveragePool(scores), labels: labels)
    }
}

@Suite("Gradient rules")
struct GradientTests {
    private static let signed = -1.0..<1.0
    private static let positive = 0.5..<1.5

    static let cases: [DifferentiableCase] =
        [
            convolution(
                "convolution", x: [2, 2, 4, 4], w: [3, 2, 3, 3], Window(kernel: 3, padding: 1)),
            convolution(
                "strided convolution that skips pixels", x: [2, 2, 6, 6], w: [2, 2, 3, 3],
                Window(kernel: 3, stride: 2)),
            convolution(
                "grouped convolution", x: [2, 4, 3, 3], w: [6, 2, 3, 3],
                Window(kernel: 3, padding: 1),
                groups: 2),
            convolution(
                "1×1 convolution, stride 2", x: [2, 3, 5, 5], w: [2, 3, 1, 1],
                Window(kernel: 1, stride: 2)),
            DifferentiableCase(
                "convolution with bias",
                [("x", [2, 2, 3, 3], signed), ("w", [2, 2, 3, 3], signed), ("b", [2], signed)]
            ) { graph, values throws(ShapeError) in
                let rule = Convolution(window: Window(kernel: 3, padding: 1), hasBias: true)
                return try graph.apply(.convolution(rule), to: values)[0]
            },
            DifferentiableCase(
                "dense layer", [("x", [3, 4], signed), ("w", [5, 4], signed), ("b", [5], signed)]
            ) { graph, values throws(ShapeError) in
                try graph.dense(values[0], values[1], bias: values[2])
            },
            DifferentiableCase(
                "bias of an image", [("x", [2, 3, 2, 2], signed), ("b", [3], signed)]
            ) {
                graph, values throws(ShapeError) in try graph.addBias(values[0], values[1])
            },
            normalization("batch normalization", [3, 2, 3, 3], .batch),
            normalization("group normalization", [2, 6, 3, 3], .group(groups: 3)),
            normalization(
                "normalization of all channels together", [2, 3, 2, 2], .group(groups: 1)),
            DifferentiableCase("relu of positive numbers", [("x", [2, 3, 3, 3], 0.1..<1)]) {
                graph, values throws(ShapeError) in try graph.relu(values[0])
            },
            DifferentiableCase(
                "relu of negative and positive numbers",
                [("x", [2, 3, 3, 3], 0.1..<1), ("w", [3, 3, 1, 1], signed)]
            ) {
                graph, values throws(ShapeError) in
                try graph.relu(
                    try graph.convolution(values[0], values[1], window: Window(kernel: 1)))
            },
            DifferentiableCase(
                "addition", [("a", [2, 3, 2, 2], signed), ("b", [2, 3, 2, 2], signed)]
            ) {
                graph, values throws(ShapeError) in try graph.add(values[0], values[1])
            },
            DifferentiableCase("a value used three times", [("a", [2, 3, 2, 2], 0.1..<1)]) {
                graph, values throws(ShapeError) in
                let twice = try graph.add(values[0], values[0])
                return try graph.add(twice, try graph.relu(values[0]))
            },
            DifferentiableCase(
                "a kernel used twice", [("x", [2, 2, 3, 3], signed), ("w", [2, 2, 3, 3], signed)]
            ) {
                graph, values throws(ShapeError) in
                let window = Window(kernel: 3, padding: 1)
                let once = try graph.convolution(values[0], values[1], window: window)
                return try graph.convolution(once, values[1], window: window)
            },
            pooling("max pooling") { graph, x throws(ShapeError) in
                try graph.maxPool(x, window: Window(kernel: 2, stride: 2))
            },
            pooling("overlapping max pooling with padding") { graph, x throws(ShapeError) in
                try graph.maxPool(x, window: Window(kernel: 3, stride: 2, padding: 1))
            },
            pooling("average pooling") { graph, x throws(ShapeError) in
                try graph.averagePool(x, window: Window(kernel: 2, stride: 2))
            },
            pooling("overlapping average pooling with padding") { graph, x throws(ShapeError) in
                try graph.averagePool(x, window: Window(kernel: 3, stride: 2, padding: 1))
            },
            pooling("global average pooling") { graph, x throws(ShapeError) in
                try graph.globalAveragePool(x)
            },
            DifferentiableCase(
                "weight standardization",
                [("x", [2, 2, 3, 3], signed), ("w", [3, 2, 3, 3], signed)]
            ) { graph, values throws(ShapeError) in
                try graph.convolution(
                    values[0], try graph.standardized(values[1]),
                    window: Window(kernel: 3, padding: 1))
            },
            DifferentiableCase("given statistics", [("x", [3, 2, 3, 3], signed)]) {
                graph, values throws(ShapeError) in
                var constants: [Value] = []
                for number in [0.5, 0.25, -0.5, 2] {
                    let rule = Constant(number, spec: TensorSpec([2], .float64))
                    constants += try graph.apply(.constant(rule), to: [])
                }
                return try graph.apply(
                    .normalizationInference(NormalizationInference(epsilon: 1e-5)),
                    to: [values[0]] + constants)[0]
            },
            DifferentiableCase(
                "concatenation whose first operand is read again",
                [
                    ("a", [2, 3, 2, 2], signed), ("b", [2, 2, 2, 2], signed),
                    ("w", [1, 3, 1, 1], signed),
                ]
            ) { graph, values throws(ShapeError) in
                let again = try graph.convolution(values[0], values[2], window: Window(kernel: 1))
                return try graph.concatenate([values[0], values[1], again])
            },
            DifferentiableCase("dropout", [("x", [2, 4, 3, 3], signed)]) {
                graph, values throws(ShapeError) in try graph.dropout(values[0], rate: 0.4)
            },
            DifferentiableCase(
                "flattened image",
                [("x", [3, 2, 2, 2], signed), ("w", [4, 8], signed), ("b", [4], signed)]
            ) { graph, values throws(ShapeError) in
                try graph.dense(try graph.flatten(values[0]), values[1], bias: values[2])
            },
            binaryCrossEntropy(smoothing: 0), binaryCrossEntropy(smoothing: 0.2),
            crossEntropy(smoothing: 0),
            crossEntropy(smoothing: 0.1),
        ] + covariancePooling

    private static let covariancePooling = [
        squareRoot(of: [2, 4, 2, 3], iterations: 5), squareRoot(of: [1, 3, 1, 2], iterations: 2),
        squareRoot(of: [2, 3, 3, 3], iterations: 3),
        DifferentiableCase("a covariance without a root", [("x", [2, 4, 2, 3], positive)]) {
            graph, values throws(ShapeError) in
            try graph.upperTriangle(try graph.covariance(values[0]))
        },
        DifferentiableCase(
            "channel attention", [("s", [3, 5], signed), ("w", [1, 1, 3], signed)]
        ) {
            graph, values throws(ShapeError) in
            try graph.apply(.channelAttention(ChannelAttention()), to: values)[0]
        },
        DifferentiableCase(
            "channels weighed by their own attention",
            [("x", [2, 4, 2, 2], positive), ("w", [1, 1, 3], signed)]
        ) { graph, values throws(ShapeError) in
            let means = try graph.globalAveragePool(values[0])
            let attention = try graph.apply(
                .channelAttention(ChannelAttention()), to: [means, values[1]])[0]
            return try graph.scalePlanes(values[0], by: attention, offset: 1)
        },
    ]

    private static func squareRoot(of x: Shape, iterations: Int) -> DifferentiableCase {
        DifferentiableCase(
            "triangle of \(iterations) steps to a root of a covariance", [("x", x, positive)]
        ) { graph, values throws(ShapeError) in
            let covariance = try graph.covariance(values[0])
            return try graph.upperTriangle(
                try graph.squareRoot(covariance, iterations: iterations))
        }
    }

    private static func convolution(
        _ name: String, x: Shape, w: Shape, _ window: Window, groups: Int = 1
    ) -> DifferentiableCase {
        DifferentiableCase(name, [("x", x, signed), ("w", w, signed)]) {
            graph, values throws(ShapeError) in
            try graph.convolution(values[0], values[1], window: window, groups: groups)
        }
    }

    private static func normalization(_ name: String, _ x: Shape, _ scope: StatisticsScope)
        -> DifferentiableCase
    {
        DifferentiableCase(
            name, [("x", x, signed), ("scale", [x[1]], positive), ("shift", [x[1]], signed)]
        ) { graph, values throws(ShapeError) in
            let rule = NormalizationForward(statistics: scope, epsilon: 1e-5)
            return try graph.apply(.normalization(rule), to: values)[0]
        }
    }

    private static func pooling(
        _ name: String,
        _ pool: @escaping @Sendable (GraphBuilder, Value) throws(ShapeError) -> Value
    ) -> DifferentiableCase {
        DifferentiableCase(name, [("x", [2, 3, 6, 6], signed)]) {
            graph, values throws(ShapeError) in try pool(graph, values[0])
        }
    }

    private static func binaryCrossEntropy(smoothing: Double) -> DifferentiableCase {
        DifferentiableCase(
            "binary cross-entropy, smoothing \(smoothing)", [("z", [4, 1], -3..<3)]
        ) { graph, values throws(ShapeError) in
            let labels = graph.input("bits", TensorSpec([4], .int64))
            return try graph.sigmoidCrossEntropy(
                values[0], labels: labels, labelSmoothing: smoothing)
        }
    }

    private static func crossEntropy(smoothing: Double) -> DifferentiableCase {
        DifferentiableCase("cross-entropy, smoothing \(smoothing)", [("z", [4, 5], -3..<3)]) {
            graph, values throws(ShapeError) in
            let labels = graph.input("labels", TensorSpec([4], .int64))
            return try graph.softmaxCrossEntropy(
                values[0], labels: labels, labelSmoothing: smoothing)
        }
    }

    /// Oracle: (L(θ + h) − L(θ − h)) / 2h for every number of every parameter, which differs from
    /// the derivative by about h² and by rounding of 1e-16/h.
    @Test("Gradients equal central differences", arguments: cases)
    func differences(testCase: DifferentiableCase) throws {
        let run = try DoubleRun.make(try testCase.graph())
        if let reader = run.graph.variable("reader") {
            try run.load(draws(reader.spec.shape.count, 1, "reader", in: -1..<1), into: reader)
        }
        let parameters = testCase.parameters.map { path, shape, range in
            (path, draws(shape.count, 2, path, in: range))
        }
        for (path, numbers) in parameters { try run.load(numbers, into: run.parameter(path)) }
        _ = try run.loss()
        let gradients = try parameters.map { path, _ in try run.output(path) }
        for ((path, numbers), gradient) in zip(parameters, gradients) {
            let differences = try run.differences(by: path, at: numbers)
            let scale = differences.reduce(0) { max($0, abs($1)) }
            let error = zip(gradient, differences).reduce(0) { max($0, abs($1.0 - $1.1)) }
            #expect(scale > 1e-4, "\(path) does not matter to the loss")
            #expect(error <= 1e-7 * scale, "\(path) is off by \(error) of \(scale)")
        }
    }
}

extension DoubleRun {
    func parameter(_ path: String) throws -> Variable { try #require(graph.variable(path)) }

    fileprivate func loss() throws -> Double {
        if let labels = plan.input("labels") {
            try write((0..<labels.spec.shape.count).map { Double($0 % 3) }, to: "labels")
        }
        if plan.input("bits") != nil { try write([1, 0, 0, 1], to: "bits") }
        if plan.input("dropout_key") != nil { try write([11], to: "dropout_key") }
        try run()
        return try output("loss")[0]
    }

    /// dL/dθ for each number θ of the parameter at `path`, which holds `numbers`.
    fileprivate func differences(by path: String, at numbers: [Double]) throws -> [Double] {
        let (parameter, step) = (try parameter(path), 1e-5)
        func loss(moving index: Int, by distance: Double) throws -> Double {
            var moved = numbers
            moved[index] += distance
            try load(moved, into: parameter)
            return try self.loss()
        }
        defer { try? load(numbers, into: parameter) }
        return try numbers.indices.map {
            (try loss(moving: $0, by: step) - loss(moving: $0, by: -step)) / (2 * step)
        }
    }
}

import Graphs
import Models
import Optimizers
import Tensors

extension ConformanceCase {
    /// Small residual networks trained for three steps: what fusion, layouts that stay between
    /// operations, shared memory and updates in place make of each other.
    public static let networks = [
        network("batch norm, gc", .batch, .gc),
        network("batch norm, gcc, Nesterov", .batch, .gcc, isNesterov: true),
        network("batch norm, none, no decay", .batch, .none, decay: 0),
        network("group norm, gc", .group(groups: 4), .gc),
        network("batch norm, Adam gc2", .batch, .gc2, .adam),
        network("batch norm, AdamW reference gcc2", .batch, .gcc2, .adamw, .reference),
        network("batch norm, clipped RMSprop", .batch, .none, .rmsprop, clipNorm: 0.1),
        network("group norm, Ranger gc", .group(groups: 4), .gc, .ranger),
        network(
            "layer norm with standardized weights, gc", .init(.layer, standardizesWeights: true),
            .gc),
        network("instance norm, gcc", .instance, .gcc),
        network("frozen batch norm, gc", .frozenBatch, .gc),
        network(
            "batch norm with standardized weights, gc", .init(.batch, standardizesWeights: true),
            .gc),
        network("no norm, gc", .none, .gc),
        network("a replica in the middle, gc", .batch, .gc, as: .middle(of: 3)),
        network("the last replica, gc", .batch, .gc, as: .last(of: 3)),
        denseBlock,
        evaluation,
    ]

    private static func network(
        _ name: String, _ normalization: Normalization, _ mode: GradientCentralizationMode,
        _ optimizer: OptimizerName = .sgd, _ convention: OptimizerConvention? = nil,
        isNesterov: Bool = false, decay: Double = 5e-4, clipNorm: Double = 0,
        as part: MicroBatch = .whole
    ) -> ConformanceCase {
        let settings = OptimizerSettings(
            name: optimizer, convention: convention, learningRate: 0.01,
            momentum: optimizer == .sgd ? 0.9 : 0, weightDecay: decay, nesterov: isNesterov,
            epsilon: 1e-3, clipNorm: clipNorm)
        // One step where moments divide: there the sign of a gradient near zero decides a whole
        // step of its weight, and bfloat16 rounds it either way. Goldens take twenty.
        let (tolerance, steps) =
            optimizer == .sgd ? (Tolerance.network, 3) : (.networkWithSquares, 1)
        return ConformanceCase("training: \(name)", tolerance, steps: steps) {
            writer throws(ShapeError) in
            let scores = try writer.smallResNet(normalization, isTraining: true)
            try writer.train(scores, OptimizerAssignment(settings, mode), as: part)
        }
    }

    /// What residual networks do not have: concatenation whose parts are read again, average pooling,
    /// dropout with another mask each step, a flattened image and a single logit.
    private static let denseBlock = ConformanceCase(
        "training: dense block, dropout and a logit", .network, steps: 3
    ) { writer throws(ShapeError) in
        let layers = LayerWriter(
            graph: writer.graph, normalization: .batch, initialization: .torch, isTraining: true)
        var x = try layers.convolution(
            writer.activation("images", [6, 3, 10, 10]), "conv0", outputs: 16,
            window: Window(kernel: 3, padding: 1))
        for name in ["layer1", "layer2", "layer3"] {
            x = try writer.graph.scope(name) { () throws(ShapeError) in
                let y = try layers.relu(try layers.normalize(x, "norm"))
                let grown = try layers.convolution(
                    y, "conv", outputs: 16, window: Window(kernel: 3, padding: 1))
                return try layers.concatenate([x, grown], "concatenation")
            }
        }
        x = try layers.averagePool(x, "pool", window: Window(kernel: 2, stride: 2))
        x = try layers.dropout(x, "dropout", rate: 0.3)
        x = try layers.dropout(try layers.flatten(x, "flatten"), "dropout_1", rate: 0.5)
        let logits = try layers.dense(x, "classifier", outputs: 1)
        let loss = try writer.graph.sigmoidCrossEntropy(
            logits, labels: writer.labels(6, below: 2))
        writer.graph.output("loss", loss)
        try OptimizerAssignment(OptimizerSettings(learningRate: 0.01, momentum: 0.9), .gc)
            .writeUpdates(
                of: loss, learningRate: writer.master("rate", .scalar, .constant(0.01)),
                step: writer.master("step", .scalar, .stepNumber), in: writer.graph)
        writer.drawVariables()
        writer.numbers[GraphBuilder.dropoutKeyName] = .stepNumber
    }

    private static let evaluation = ConformanceCase("evaluation: batch norm", .network) {
        writer throws(ShapeError) in
        let scores = try writer.smallResNet(.batch, isTraining: false)
        let labels = writer.labels(6, below: 10)
        writer.graph.output("scores", scores)
        writer.graph.output("correct", try writer.graph.topKCorrect(scores, labels: labels, k: 5))
        writer.drawVariables()
    }
}

extension CaseWriter {
    /// A stem with max pooling, a block whose shortcut is the identity, one that projects, and a
    /// classifier.
    fileprivate func smallResNet(_ normalization: Normalization, isTraining: Bool)
        throws(ShapeError) -> Value
    {
        let layers = LayerWriter(
            graph: graph, normalization: normalization, initialization: .torch,
            isTraining: isTraining)
        var x = activation("images", [6, 3, 13, 13])
        x = try layers.convolution(
            x, "conv1", outputs: 8, window: Window(kernel: 3, stride: 1, padding: 1))
        x = try layers.relu(try layers.normalize(x, "bn1"))
        x = try graph.scope("maxpool") { () throws(ShapeError) in
            try graph.maxPool(x, window: Window(kernel: 3, stride: 2, padding: 1))
        }
        x = try block(x, "layer1", outputs: 8, stride: 1, in: layers)
        x = try block(x, "layer2", outputs: 20, stride: 2, in: layers)
        return try layers.dense(try graph.globalAveragePool(x), "fc", outputs: 10)
    }

    private func block(
        _ input: Value, _ name: String, outputs: Int, stride: Int, in layers: LayerWriter
    ) throws(ShapeError) -> Value {
        try graph.scope(name) { () throws(ShapeError) in
            var x = try layers.convolution(
                input, "conv1", outputs: outputs,
                window: Window(kernel: 3, stride: stride, padding: 1))
            x = try layers.relu(try layers.normalize(x, "bn1"), "relu1")
            x = try layers.convolution(
                x, "conv2", outputs: outputs, window: Window(kernel: 3, padding: 1))
            x = try layers.normalize(x, "bn2")
            var shortcut = input
            if x.shape != input.shape {
                shortcut = try layers.convolution(
                    input, "projection", outputs: outputs, window: Window(kernel: 1, stride: stride)
                )
                shortcut = try layers.normalize(shortcut, "bn3")
            }
            return try layers.relu(try graph.add(x, shortcut))
        }
    }

    /// The loss of the scores of 6 images, and the update or what a replica leaves to the next one.
    fileprivate func train(
        _ scores: Value, _ optimizer: OptimizerAssignment, as part: MicroBatch = .whole
    ) throws(ShapeError) {
        let loss = try graph.softmaxCrossEntropy(
            scores, labels: labels(6, below: 10), labelSmoothing: 0.1)
        graph.output("loss", loss)
        if part.isLast {
            try optimizer.writeUpdates(
                of: loss, as: part, learningRate: master("rate", .scalar, .constant(0.01)),
                step: master("step", .scalar, .stepNumber), in: graph)
        } else {
            try optimizer.writeGradientSums(of: loss, as: part, in: graph)
        }
        drawVariables()
    }

    /// Kernels of a size that keeps activations near one, scales around one, momenta at zero, and
    /// gradients that other replicas have left.
    fileprivate func drawVariables() {
        for variable in graph.finish().variables {
            numbers[variable.path] = numbers(for: variable)
        }
    }

    private func numbers(for variable: Variable) -> Numbers {
        switch variable.kind {
        case .parameter(let parameter):
            switch parameter.role {
            case .convolutionKernel, .denseKernel, .embedding:
                let fanIn = variable.spec.shape.countPerSlice(along: parameter.outputAxis)
                let bound = (3 / Double(fanIn)).squareRoot()
                return .uniform(-bound..<bound)
            case .bias, .normalizationShift: return .uniform(-0.2..<0.2)
            case .normalizationScale: return .uniform(0.8..<1.2)
            }
        case .runningStatistic:
            // The scale of a frozen norm is one too.
            if variable.path.hasSuffix("weight") { return .uniform(0.8..<1.2) }
            return variable.path.hasSuffix("var") ? .uniform(0.5..<1.5) : .uniform(-0.2..<0.2)
        case .gradientSum: return .uniform(-0.1..<0.1)
        case .optimizerState, .weightCopy: return .constant(0)
        }
    }
}

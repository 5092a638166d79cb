public import Graphs
import Models
import Optimizers
public import Specifications
public import Tensors

/// Writes the graphs of a job: what one training step and one evaluation batch compute.
///
/// The batch decides the extents of the images; everything else comes from the specification.
public struct NetworkGraphs: Sendable {
    public let specification: JobSpecification
    public let classCount: Int
    public let precision: Precision

    public init(_ specification: JobSpecification, classCount: Int) {
        self.specification = specification
        self.classCount = classCount
        precision = specification.graphPrecision
    }

    /// The names of inputs and outputs.
    public enum Port {
        public static let images = "images"
        public static let labels = "labels"
        public static let learningRate = "learning_rate"
        public static let step = "step"
        public static let dropoutKey = GraphBuilder.dropoutKeyName
        /// The number of micro-batches before this one; only where a network draws random numbers.
        public static let microBatch = "micro_batch"
        public static let loss = "loss"
        public static let top1 = "top1"
        public static let top5 = "top5"
        public static let scores = "scores"
    }

    /// Scores for `images` `[N, C, H, W]` and nothing else.
    public func forward(images: Shape) throws(ShapeError) -> Graph {
        let graph = GraphBuilder(precision: precision)
        let scores = try network(
            graph.input(Port.images, TensorSpec(images, precision.master)), in: graph,
            isTraining: false)
        graph.output(Port.scores, scores)
        return graph.finish()
    }

    /// Forward pass, loss, backward pass and update.
    public func training(images: Shape) throws(ShapeError) -> Graph {
        let graph = GraphBuilder(precision: precision)
        let loss = try scored(images: images, in: graph, isTraining: true)
        let scalar = TensorSpec(.scalar, precision.master)
        try checkGroups(against: graph.finish())
        try specification.optimizers.writeUpdates(
            of: loss, learningRate: graph.input(Port.learningRate, scalar),
            step: graph.input(Port.step, scalar), in: graph)
        return graph.finish()
    }

    /// A group that names nothing is a misspelling.
    private func checkGroups(against graph: Graph) throws(ShapeError) {
        guard let unused = specification.optimizers.unusedSelectors(in: graph).first else { return }
        throw ShapeError(
            "parameter_groups",
            "'\(unused)' names no parameter of \(specification.backbone.rawValue); "
                + "`describe` lists its layers")
    }

    /// Forward pass, loss and hits with the running statistics.
    public func evaluation(images: Shape) throws(ShapeError) -> Graph {
        let graph = GraphBuilder(precision: precision)
        _ = try scored(images: images, in: graph, isTraining: false)
        return graph.finish()
    }

    /// Writes scores, the loss and the counts of hits; returns the loss.
    private func scored(images: Shape, in graph: GraphBuilder, isTraining: Bool)
        throws(ShapeError) -> Value
    {
        let input = graph.input(Port.images, TensorSpec(images, precision.master))
        let labels = graph.input(Port.labels, TensorSpec([images[0]], .int64))
        let scores = try network(input, in: graph, isTraining: isTraining)
        // Smoothing is a training device; the loss of an evaluation is that of the true labels.
        let smoothing = isTraining ? specification.labelSmoothing : 0
        let (loss, hits): (Value, Value)
        if scores.shape[1] == 1 {
            loss = try graph.sigmoidCrossEntropy(
                scores, labels: labels, labelSmoothing: smoothing)
            hits = try graph.signCorrect(scores, labels: labels)
        } else {
            loss = try graph.softmaxCrossEntropy(
                scores, labels: labels, labelSmoothing: smoothing)
            hits = try graph.topKCorrect(scores, labels: labels, k: 1)
        }
        graph.output(Port.loss, loss)
        graph.output(Port.top1, hits)
        if classCount > 5 {
            graph.output(Port.top5, try graph.topKCorrect(scores, labels: labels, k: 5))
        }
        if !isTraining { graph.output(Port.scores, scores) }
        return loss
    }

    private func network(_ images: Value, in graph: GraphBuilder, isTraining: Bool)
        throws(ShapeError) -> Value
    {
        let layers = LayerWriter(
            graph: graph, normalization: specification.normalization,
            initialization: specification.initialization,
            biasesConvolutions: specification.quirks.contains(.biasedConvolutions),
            isTraining: isTraining, randomness: isTraining ? randomness(in: graph) : nil)
        return try specification.backbone(
            try graph.convert(images, to: precision.activations), stem: specification.stem,
            stridePlace: specification.stridePlace, head: specification.head,
            classCount: classCount, in: layers)
    }
}

extension NetworkGraphs {
    /// nil for networks that draw nothing.
    private func randomness(in graph: GraphBuilder) -> Randomness? {
        guard case .dropCov = specification.head else { return nil }
        return Randomness(
            seed: UInt64(bitPattern: Int64(specification.seed)),
            microBatch: graph.input(Port.microBatch, TensorSpec(.scalar, precision.master)))
    }
}

extension JobSpecification {
    /// The precision as the engine knows it.
    public var graphPrecision: Precision {
        switch precision {
        case .bfloat16: .bfloat16
        case .float64: .float64
        case .float32, .int64, .int32, .uint8: .float32
        }
    }
}

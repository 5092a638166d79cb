import Graphs
import Tensors

extension ConformanceCase {
    static let losses = crossEntropies + topK + binary

    private static let crossEntropies =
        [(1, 2), (7, 10), (3, 17), (16, 1000), (128, 10)]
        .flatMap { batch, classes in
            [0, 0.1].map { smoothing in
                ConformanceCase("cross-entropy [\(batch), \(classes)] smoothing \(smoothing)", .sum)
                {
                    writer throws(ShapeError) in
                    let z = writer.master("z", [batch, classes], .uniform(-5..<5))
                    let labels = writer.labels(batch, below: classes)
                    let rule = SoftmaxCrossEntropy(labelSmoothing: smoothing)
                    try writer.apply(.softmaxCrossEntropy(rule), to: [z, labels])
                }
            }
        } + [largeScores, wrongLabel]

    /// Scores whose exponentials overflow unless the largest is taken out first.
    private static let largeScores = ConformanceCase("cross-entropy of scores around 1000", .sum) {
        writer throws(ShapeError) in
        let z = writer.master("z", [8, 10], .uniform(1000..<1010))
        let labels = writer.labels(8, below: 10)
        try writer.apply(.softmaxCrossEntropy(SoftmaxCrossEntropy()), to: [z, labels])
    }

    private static let wrongLabel = ConformanceCase(
        "cross-entropy of a label that is no class", .sum
    ) {
        writer throws(ShapeError) in
        let z = writer.master("z", [2, 3])
        let labels = writer.input("labels", TensorSpec([2], .int64), .constant(3))
        let rule = SoftmaxCrossEntropy()
        let results = try writer.graph.apply(.softmaxCrossEntropy(rule), to: [z, labels])
        writer.graph.output("loss", results[0])
    }

    /// From logits that saturate to logits near the boundary; a label that is no class.
    private static let binary =
        [(1, 1.0), (7, 4), (33, 50)].flatMap { batch, bound in
            [0, 0.2].map { smoothing in
                ConformanceCase(
                    "sigmoid cross-entropy of \(batch) up to \(bound), smoothing \(smoothing)", .sum
                ) { writer throws(ShapeError) in
                    let z = writer.master("z", [batch, 1], .uniform(-bound..<bound))
                    let labels = writer.labels(batch, below: 2)
                    let rule = SigmoidCrossEntropy(labelSmoothing: smoothing)
                    try writer.apply(.sigmoidCrossEntropy(rule), to: [z, labels])
                }
            }
        } + [wrongBinaryLabel] + signs

    private static let wrongBinaryLabel = ConformanceCase(
        "sigmoid cross-entropy of a label that is no class", .sum
    ) { writer throws(ShapeError) in
        let z = writer.master("z", [3, 1])
        let labels = writer.input("labels", TensorSpec([3], .int64), .constant(2))
        let rule = SigmoidCrossEntropy()
        let results = try writer.graph.apply(.sigmoidCrossEntropy(rule), to: [z, labels])
        writer.graph.output("loss", results[0])
    }

    /// Labels of 0, 1 and 2, of which the last is no class; logits of exactly zero.
    private static let signs = [Numbers.uniform(-1..<1), .constant(0)].map { logits in
        ConformanceCase("sign correct of \(logits)", .exact) { writer throws(ShapeError) in
            let z = writer.master("z", [31, 1], logits)
            let labels = writer.labels(31, below: 3)
            try writer.apply(.signCorrect(SignCorrect()), to: [z, labels])
        }
    }

    private static let topK = [(1, 10), (7, 10), (32, 100)].flatMap { batch, classes in
        [1, 5].flatMap { k in
            [Numbers.distinct, .integers(below: 4)].map { scores in
                let kind = scores == .distinct ? "distinct scores" : "many equal scores"
                return ConformanceCase("top-\(k) of \(classes), batch \(batch), \(kind)", .exact) {
                    writer throws(ShapeError) in
                    let z = writer.master("z", [batch, classes], scores)
                    let labels = writer.labels(batch, below: classes)
                    try writer.apply(.topKCorrect(TopKCorrect(k: k)), to: [z, labels])
                }
            }
        }
    }
}

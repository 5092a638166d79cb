import Graphs
import Tensors

extension ConformanceCase {
    static let normalizations = trained + inferences + folds + averages

    private static let epilogues = [
        Epilogue.none, .init(appliesRelu: true), .init(addsResidual: true),
        .init(addsResidual: true, appliesRelu: true),
    ]

    private static let trained =
        ([
            ([2, 16, 5, 7], .batch), ([1, 3, 4, 4], .batch), ([4, 17, 3, 3], .batch),
            ([8, 48, 1, 1], .batch), ([3, 64, 8, 8], .batch),
            ([2, 16, 5, 7], .group(groups: 4)), ([1, 3, 4, 4], .group(groups: 1)),
            ([2, 17, 3, 3], .group(groups: 17)), ([2, 48, 7, 7], .group(groups: 3)),
            ([2, 64, 1, 1], .group(groups: 32)),
        ] as [(Shape, StatisticsScope)]).flatMap { shape, scope in
            epilogues.flatMap { [forward(shape, scope, $0), gradient(shape, scope, $0)] }
        }

    private static func forward(
        _ shape: Shape, _ scope: StatisticsScope, _ epilogue: Epilogue
    ) -> ConformanceCase {
        let rule = NormalizationForward(statistics: scope, epsilon: 1e-5, epilogue: epilogue)
        return ConformanceCase("\(rule.name) \(scope) \(shape)", .statistics) {
            writer throws(ShapeError) in
            try writer.normalize(shape, rule)
        }
    }

    /// The gradient with the statistics and the result that the forward pass made.
    private static func gradient(
        _ shape: Shape, _ scope: StatisticsScope, _ epilogue: Epilogue
    ) -> ConformanceCase {
        let forward = NormalizationForward(statistics: scope, epsilon: 1e-5, epilogue: epilogue)
        let rule = NormalizationGradient(statistics: scope, epsilon: 1e-5, epilogue: epilogue)
        return ConformanceCase("\(rule.name) \(scope) \(shape)", .statistics) {
            writer throws(ShapeError) in
            let (x, affine, results) = try writer.normalize(shape, forward)
            let dy = writer.activation("dy", shape)
            let operands = [dy, x] + affine + results[1...2]
            try writer.apply(
                .normalizationGradient(rule),
                to: operands + (epilogue.appliesRelu ? [results[0]] : []), output: "d")
        }
    }

    private static let inferences = ([[2, 16, 5, 7], [1, 3, 1, 1], [3, 48, 4, 4]] as [Shape])
        .flatMap { shape in
            epilogues.map { epilogue in
                let rule = NormalizationInference(epsilon: 1e-5, epilogue: epilogue)
                return ConformanceCase("\(rule.name) \(shape)", .statistics) {
                    writer throws(ShapeError) in
                    let x = writer.activation("x", shape)
                    let affine = writer.affine(channels: shape[1])
                    let mean = writer.state("mean", [shape[1]])
                    let variance = writer.state("variance", [shape[1]], .uniform(0.5..<2))
                    let residual = epilogue.addsResidual ? [writer.activation("r", shape)] : []
                    try writer.apply(
                        .normalizationInference(rule),
                        to: [x] + affine + [mean, variance] + residual)
                }
            }
        }

    /// Kernels of the layouts that there are: 16 outputs at a time, others, groups.
    private static let folds = ([[16, 16, 3, 3], [17, 3, 1, 1], [48, 4, 3, 3]] as [Shape])
        .flatMap { shape in
            [false, true].map { hasBias in
                let rule = FoldNormalization(epsilon: 1e-5, hasBias: hasBias)
                return ConformanceCase("\(rule.name) \(shape) \(hasBias)", .statistics) {
                    writer throws(ShapeError) in
                    let w = try writer.kernel("w", shape)
                    let affine = writer.affine(channels: shape[0])
                    let mean = writer.state("mean", [shape[0]])
                    let variance = writer.state("variance", [shape[0]], .uniform(0.5..<2))
                    let bias = hasBias ? [writer.weight("b", [shape[0]], .bias)] : []
                    try writer.apply(
                        .foldNormalization(rule), to: [w] + affine + [mean, variance] + bias)
                }
            }
        }

    private static let averages = [(0.1, 1.0), (0.1, 128.0 / 127), (1, 1)].map { rate, factor in
        ConformanceCase("exponential average \(rate) \(factor)", .elementWise, steps: 3) {
            writer throws(ShapeError) in
            let running = writer.state("running", [17])
            let new = writer.master("new", [17])
            let rule = ExponentialAverage(rate: rate, factor: factor)
            let results = try writer.apply(.exponentialAverage(rule), to: [running, new])
            writer.graph.assign(results[0], to: running)
        }
    }
}

extension CaseWriter {
    /// x has a mean that is large beside its deviation, as activations do.
    @discardableResult
    fileprivate func normalize(_ shape: Shape, _ rule: NormalizationForward)
        throws(ShapeError) -> (x: Value, affine: [Value], results: [Value])
    {
        let x = activation("x", shape, .uniform(0..<2))
        let affine = affine(channels: shape[1])
        let residual = rule.epilogue.addsResidual ? [activation("r", shape)] : []
        return (x, affine, try apply(.normalization(rule), to: [x] + affine + residual))
    }
}

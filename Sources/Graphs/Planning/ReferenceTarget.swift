import Tensors

/// Row-major everywhere, in place wherever the formula allows: what plans look like with no
/// library behind them. Snapshot tests use it, and the reference backend runs it.
public struct ReferenceTarget: Target {
    public init() {}

    public var name: String { "reference" }
    public var alignment: Int { 64 }

    public func requirement(of node: Node, operandLayouts: [Layout?], precision: Precision)
        throws(PlanningError) -> Requirement
    {
        Requirement(
            operandLayouts: node.operands.map { .rowMajor(rank: $0.shape.rank) },
            resultLayouts: node.results.map { .rowMajor(rank: $0.shape.rank) },
            inPlace: node.operation.elementWiseInPlace)
    }
}

extension Operation {
    /// The results whose element depends on the same element of an operand alone, so that they
    /// can take its place in any layout.
    public var elementWiseInPlace: [Requirement.InPlace] {
        switch self {
        case .relu, .reluGradient, .addBias, .exponentialAverage, .normalizationInference,
            .foldNormalization, .scalePlanes, .copy, .dropout, .reshape:
            [.init(result: 0, operand: 0)]
        case .add: [.init(result: 0, operand: 0), .init(result: 0, operand: 1)]
        case .concatenationGradient(let rule) where rule.addsOther:
            [.init(result: 0, operand: 1)]
        case .update(let program): program.inPlace
        case .convolution, .convolutionDataGradient, .convolutionWeightGradient, .matrixProduct,
            .biasGradient, .normalization, .normalizationGradient, .constant, .maxPool,
            .maxPoolGradient, .averagePool, .averagePoolGradient, .globalAveragePool,
            .globalAveragePoolGradient, .covariance, .covarianceGradient, .matrixSquareRoot,
            .matrixSquareRootGradient, .upperTriangle, .upperTriangleGradient, .channelAttention,
            .channelAttentionGradient, .planeProducts, .dropProbability, .dropoutMask,
            .softmaxCrossEntropy, .topKCorrect, .stepCoefficient, .squaredNorm, .clippingFactor,
            .reorder, .convert, .weightStandardization, .weightStandardizationGradient,
            .concatenation, .concatenationGradient, .sigmoidCrossEntropy, .signCorrect:
            []
        }
    }
}

extension Operation {
    /// Whether activations may be bfloat16: everywhere but in classifiers, losses and updates,
    /// which compute in master precision.
    package var takesBFloat16: Bool {
        switch self {
        case .convolution, .convolutionDataGradient, .convolutionWeightGradient, .addBias,
            .biasGradient, .normalization, .normalizationGradient, .normalizationInference, .relu,
            .reluGradient, .add, .constant, .maxPool, .maxPoolGradient, .averagePool,
            .averagePoolGradient, .globalAveragePool, .globalAveragePoolGradient,
            .foldNormalization, .reorder, .convert, .copy, .dropout, .concatenation,
            .concatenationGradient, .reshape:
            true
        case .covariance, .covarianceGradient, .matrixSquareRoot, .matrixSquareRootGradient,
            .upperTriangle, .upperTriangleGradient, .channelAttention, .channelAttentionGradient,
            .scalePlanes, .planeProducts, .dropProbability, .dropoutMask, .matrixProduct,
            .exponentialAverage, .softmaxCrossEntropy, .topKCorrect, .update, .stepCoefficient,
            .squaredNorm, .clippingFactor, .weightStandardization,
            .weightStandardizationGradient, .sigmoidCrossEntropy, .signCorrect:
            false
        }
    }
}

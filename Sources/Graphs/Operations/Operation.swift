/// Everything a graph can compute. The table of contents of the engine.
public enum Operation: Hashable, Sendable {
    // Convolution and dense layers
    case convolution(Convolution)
    case convolutionDataGradient(ConvolutionDataGradient)
    case convolutionWeightGradient(ConvolutionWeightGradient)
    case weightStandardization(WeightStandardization)
    case weightStandardizationGradient(WeightStandardizationGradient)
    case matrixProduct(MatrixProduct)
    case addBias(AddBias)
    case biasGradient(BiasGradient)
    // Normalization
    case normalization(NormalizationForward)
    case normalizationGradient(NormalizationGradient)
    case normalizationInference(NormalizationInference)
    case foldNormalization(FoldNormalization)
    case exponentialAverage(ExponentialAverage)
    // Element-wise
    case relu(Relu)
    case reluGradient(ReluGradient)
    case add(Add)
    case constant(Constant)
    case dropout(Dropout)
    // Pooling
    case maxPool(MaxPool)
    case maxPoolGradient(MaxPoolGradient)
    case averagePool(AveragePool)
    case averagePoolGradient(AveragePoolGradient)
    case globalAveragePool(GlobalAveragePool)
    case globalAveragePoolGradient(GlobalAveragePoolGradient)
    // Channels side by side
    case concatenation(Concatenation)
    case concatenationGradient(ConcatenationGradient)
    // Covariance pooling and adaptive channel dropout
    case covariance(Covariance)
    case covarianceGradient(CovarianceGradient)
    case matrixSquareRoot(MatrixSquareRoot)
    case matrixSquareRootGradient(MatrixSquareRootGradient)
    case upperTriangle(UpperTriangle)
    case upperTriangleGradient(UpperTriangleGradient)
    case channelAttention(ChannelAttention)
    case channelAttentionGradient(ChannelAttentionGradient)
    case scalePlanes(ScalePlanes)
    case planeProducts(PlaneProducts)
    case dropProbability(DropProbability)
    case dropoutMask(DropoutMask)
    // Losses and metrics
    case softmaxCrossEntropy(SoftmaxCrossEntropy)
    case topKCorrect(TopKCorrect)
    case sigmoidCrossEntropy(SigmoidCrossEntropy)
    case signCorrect(SignCorrect)
    // Parameter updates
    case update(UpdateProgram)
    case stepCoefficient(StepCoefficient)
    case squaredNorm(SquaredNorm)
    case clippingFactor(ClippingFactor)
    // Movement: between layouts, between formats, between shapes, out of the way of an update
    case reorder(Reorder)
    case convert(Convert)
    case reshape(Reshape)
    case copy(Copy)

    public var rule: any OperationRule {
        switch self {
        case .convolution(let rule): rule
        case .convolutionDataGradient(let rule): rule
        case .convolutionWeightGradient(let rule): rule
        case .weightStandardization(let rule): rule
        case .weightStandardizationGradient(let rule): rule
        case .matrixProduct(let rule): rule
        case .addBias(let rule): rule
        case .biasGradient(let rule): rule
        case .normalization(let rule): rule
        case .normalizationGradient(let rule): rule
        case .normalizationInference(let rule): rule
        case .foldNormalization(let rule): rule
        case .exponentialAverage(let rule): rule
        case .relu(let rule): rule
        case .reluGradient(let rule): rule
        case .add(let rule): rule
        case .constant(let rule): rule
        case .dropout(let rule): rule
        case .maxPool(let rule): rule
        case .maxPoolGradient(let rule): rule
        case .averagePool(let rule): rule
        case .averagePoolGradient(let rule): rule
        case .globalAveragePool(let rule): rule
        case .globalAveragePoolGradient(let rule): rule
        case .concatenation(let rule): rule
        case .concatenationGradient(let rule): rule
        case .covariance(let rule): rule
        case .covarianceGradient(let rule): rule
        case .matrixSquareRoot(let rule): rule
        case .matrixSquareRootGradient(let rule): rule
        case .upperTriangle(let rule): rule
        case .upperTriangleGradient(let rule): rule
        case .channelAttention(let rule): rule
        case .channelAttentionGradient(let rule): rule
        case .scalePlanes(let rule): rule
        case .planeProducts(let rule): rule
        case .dropProbability(let rule): rule
        case .dropoutMask(let rule): rule
        case .softmaxCrossEntropy(let rule): rule
        case .topKCorrect(let rule): rule
        case .sigmoidCrossEntropy(let rule): rule
        case .signCorrect(let rule): rule
        case .update(let rule): rule
        case .stepCoefficient(let rule): rule
        case .squaredNorm(let rule): rule
        case .clippingFactor(let rule): rule
        case .reorder(let rule): rule
        case .convert(let rule): rule
        case .reshape(let rule): rule
        case .copy(let rule): rule
        }
    }

    /// The heading under which a benchmark adds up time.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case convolutionForward = "convolution_forward"
        case convolutionData = "convolution_by_data"
        case convolutionWeights = "convolution_by_weights"
        case dense
        case normalization
        case elementWise = "element_wise"
        case pooling
        case covariancePooling = "covariance_pooling"
        case loss
        case update
        case reorder
    }

    public var kind: Kind {
        switch self {
        case .convolution: .convolutionForward
        case .convolutionDataGradient: .convolutionData
        case .convolutionWeightGradient: .convolutionWeights
        case .matrixProduct: .dense
        case .normalization, .normalizationGradient, .normalizationInference,
            .foldNormalization, .exponentialAverage, .weightStandardization,
            .weightStandardizationGradient:
            .normalization
        case .addBias, .biasGradient, .relu, .reluGradient, .add, .constant, .dropout:
            .elementWise
        case .maxPool, .maxPoolGradient, .averagePool, .averagePoolGradient, .globalAveragePool,
            .globalAveragePoolGradient:
            .pooling
        case .covariance, .covarianceGradient, .matrixSquareRoot, .matrixSquareRootGradient,
            .upperTriangle, .upperTriangleGradient, .channelAttention, .channelAttentionGradient,
            .scalePlanes, .planeProducts, .dropProbability, .dropoutMask:
            .covariancePooling
        case .softmaxCrossEntropy, .topKCorrect, .sigmoidCrossEntropy, .signCorrect: .loss
        case .update, .stepCoefficient, .squaredNorm, .clippingFactor: .update
        case .reorder, .convert, .reshape, .copy, .concatenation, .concatenationGradient: .reorder
        }
    }
}

/// What turns the last feature maps of a residual network into the vector that is classified.
public enum Head: Hashable, Sendable, Codable {
    /// The mean of each channel (`gap`).
    case averagePooling
    /// The approximate square root of the channels' covariance (`fast_mpn`).
    ///
    /// *Reference:* Li et al., CVPR 2018 (iSQRT-COV); the published ImageNet runs call it Fast-MPN.
    case fastMPN(dimension: Int, iterations: Int)
    /// The covariance itself, regularized by adaptive channel dropout in training (`dropcov`).
    ///
    /// *Reference:* Wang et al., "DropCov", NeurIPS 2022.
    case dropCov(dimension: Int)

    /// The names a spec may use.
    public enum Name: String, Sendable, Codable, CaseIterable {
        case gap
        case fastMPN = "fast_mpn"
        case dropCov = "dropcov"
    }

    public var name: Name {
        switch self {
        case .averagePooling: .gap
        case .fastMPN: .fastMPN
        case .dropCov: .dropCov
        }
    }

    /// The channels that features are reduced to when a spec does not say, as in the published
    /// table.
    public static let defaultDimension = 128
    /// The published number of Newton–Schulz steps.
    public static let defaultIterations = 5

    /// The layer that reduces the channels.
    public static let reduction = "layer_reduce"
    static let reductionNorm = "layer_reduce_bn"
    static let attention = "adaptive_dropout"
    /// The layers with weights that a head may have in front of the classifier. The first two have
    /// the names of the released PyTorch code.
    public static let layers = [reduction, reductionNorm, attention]

    /// The channels that features are reduced to; nil where they are not.
    public var dimension: Int? {
        switch self {
        case .averagePooling: nil
        case .fastMPN(let dimension, _), .dropCov(let dimension): dimension
        }
    }
}

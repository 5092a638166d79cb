public import Tensors

/// How images become what the network sees, by name.
public enum AugmentationChoice: String, Hashable, Sendable, Codable, CaseIterable {
    /// The data set's own published protocol.
    case standard
    /// Nothing random: training images are prepared as test images are.
    case none
    /// Random resized crops of 224 and flips; tests on the centre 224 of a shorter side of 256.
    case imagenet
    /// The released fine-grained script: the centre 448 of a shorter side of 512, flips in training.
    case fineGrained = "fine_grained"
    /// The fine-grained paper's text: the same from a square of 512.
    case fineGrainedPaper = "fine_grained_paper"
    /// The Keras example: both flips, rotation and zoom at the image's own size; pixels in 0 … 1.
    case keras
}

/// What happens to images between the disk and the network.
public struct ImagePipeline: Hashable, Sendable, Codable {
    public let training: Augmentation
    public let evaluation: Augmentation
    public let normalization: PixelNormalization
    /// The extents that the network sees, `[C, H, W]`.
    public let imageShape: Shape
}

extension DatasetName {
    public func pipeline(_ choice: AugmentationChoice) -> ImagePipeline {
        let facts = facts
        func pipeline(
            _ training: Augmentation, _ evaluation: Augmentation,
            _ normalization: PixelNormalization = facts.normalization
        ) -> ImagePipeline {
            ImagePipeline(
                training: training, evaluation: evaluation, normalization: normalization,
                imageShape: training.shape(of: facts.imageShape))
        }
        return switch choice {
        case .standard: pipeline(facts.augmentation, facts.evaluation)
        case .none: pipeline(facts.evaluation, facts.evaluation)
        case .imagenet: pipeline(.imagenetTraining, .imagenetEvaluation)
        case .fineGrained: pipeline(.fineGrainedTraining, .fineGrainedEvaluation)
        case .fineGrainedPaper: pipeline(.fineGrainedPaperTraining, .fineGrainedPaperEvaluation)
        case .keras: pipeline(.kerasTraining, .none, .unit)
        }
    }
}

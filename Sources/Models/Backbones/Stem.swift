import Graphs
import Tensors

/// How a network meets the image.
public enum Stem: String, Hashable, Sendable, Codable, CaseIterable {
    /// 3×3 convolution, stride 1, no pooling: 32×32 images.
    case cifar
    /// 7×7 convolution, stride 2, and 3×3 max pooling, stride 2: photos.
    case imagenet
}

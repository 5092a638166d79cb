/// The networks there are.
public enum Backbone: String, Hashable, Sendable, Codable, CaseIterable {
    /// Three stages of 16, 32 and 64 channels, one basic block each: small enough for a laptop.
    case resnet8
    /// Three stages of three basic blocks.
    case resnet20
    case resnet18
    case resnet34
    /// Bottleneck blocks; the stride is in the 3×3 convolution, as in torchvision.
    case resnet50
    case resnet101
}

/// How a network meets the image.
public enum Stem: String, Hashable, Sendable, Codable, CaseIterable {
    /// 3×3 convolution, stride 1, no pooling: 32×32 images.
    case cifar
    /// 7×7 convolution, stride 2, and 3×3 max pooling, stride 2: photos.
    case imagenet
}

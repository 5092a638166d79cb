public import Graphs
import Tensors

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

    /// Writes the network: scores `[N, classes]` for images `[N, 3, H, W]`.
    public func callAsFunction(
        _ images: Value, stem: Stem, head: Head = .averagePooling, classCount: Int,
        in layers: LayerWriter
    ) throws(ShapeError) -> Value {
        try network(stem, head)(images, classCount: classCount, in: layers)
    }

    private func network(_ stem: Stem, _ head: Head) -> ResNet {
        switch self {
        case .resnet8: narrow(blocksPerStage: 1, stem, head)
        case .resnet20: narrow(blocksPerStage: 3, stem, head)
        case .resnet18: wide(.basic, [2, 2, 2, 2], stem, head)
        case .resnet34: wide(.basic, [3, 4, 6, 3], stem, head)
        case .resnet50: wide(.bottleneck, [3, 4, 6, 3], stem, head)
        case .resnet101: wide(.bottleneck, [3, 4, 23, 3], stem, head)
        }
    }

    /// The family of section 4.2 of the ResNet paper, with projection shortcuts.
    private func narrow(blocksPerStage: Int, _ stem: Stem, _ head: Head) -> ResNet {
        ResNet(
            block: .basic,
            stages: [16, 32, 64].map { .init(width: $0, blockCount: blocksPerStage) }, stem: stem,
            head: head)
    }

    /// The family of section 4.1.
    private func wide(_ block: ResNet.Block, _ blockCounts: [Int], _ stem: Stem, _ head: Head)
        -> ResNet
    {
        ResNet(
            block: block,
            stages: zip([64, 128, 256, 512], blockCounts).map {
                .init(width: $0, blockCount: $1)
            }, stem: stem, head: head)
    }
}

/// How a network meets the image.
public enum Stem: String, Hashable, Sendable, Codable, CaseIterable {
    /// 3×3 convolution, stride 1, no pooling: 32×32 images.
    case cifar
    /// 7×7 convolution, stride 2, and 3×3 max pooling, stride 2: photos.
    case imagenet
}

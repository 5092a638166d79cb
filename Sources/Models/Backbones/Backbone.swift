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
    /// Bottleneck blocks.
    case resnet50
    case resnet101
    /// Three stages of three bottlenecks in 4 groups of 64 channels; a 1×1 stem on small images.
    case resnext29x4x64d = "resnext29_4x64d"
    /// As ResNet-50, the 3×3 convolutions in 32 groups of 4 channels and more.
    case resnext50x32x4d = "resnext50_32x4d"
    case resnext50x64x4d = "resnext50_64x4d"
    case resnext101x32x4d = "resnext101_32x4d"
    case resnext101x64x4d = "resnext101_64x4d"
    /// Eight convolutions with biases and one dense layer.
    case vgg11
    /// Growth 32, blocks of 6, 12, 24 and 16 layers.
    case densenet121
    /// The network of Keras's example; it has no norms unless a spec gives it some.
    case kerasNetwork = "keras_cnn"

    /// Writes the network: scores `[N, classes]` for images `[N, 3, H, W]`, or a logit `[N, 1]`
    /// where ``scoreCount(classCount:)`` is 1.
    public func callAsFunction(
        _ images: Value, stem: Stem, stridePlace: StridePlace = .threeByThree,
        head: Head = .averagePooling, classCount: Int, in layers: LayerWriter
    ) throws(ShapeError) -> Value {
        try network(stem, stridePlace, head).scores(
            for: images, count: scoreCount(classCount: classCount), in: layers)
    }

    private func network(_ stem: Stem, _ place: StridePlace, _ head: Head) -> any Network {
        switch self {
        case .resnet8: narrow(blocksPerStage: 1, stem, head)
        case .resnet20: narrow(blocksPerStage: 3, stem, head)
        case .resnet18: wide(.basic, [2, 2, 2, 2], stem, head)
        case .resnet34: wide(.basic, [3, 4, 6, 3], stem, head)
        case .resnet50: wide(.bottleneck(.init(stridePlace: place)), [3, 4, 6, 3], stem, head)
        case .resnet101: wide(.bottleneck(.init(stridePlace: place)), [3, 4, 23, 3], stem, head)
        case .resnext29x4x64d: small(stem, place, head)
        case .resnext50x32x4d: wide(aggregated(groups: 32, place), [3, 4, 6, 3], stem, head)
        case .resnext50x64x4d: wide(aggregated(groups: 64, place), [3, 4, 6, 3], stem, head)
        case .resnext101x32x4d: wide(aggregated(groups: 32, place), [3, 4, 23, 3], stem, head)
        case .resnext101x64x4d: wide(aggregated(groups: 64, place), [3, 4, 23, 3], stem, head)
        case .vgg11: VGG(stages: [[64], [128], [256, 256], [512, 512], [512, 512]])
        case .densenet121: DenseNet(growth: 32, blocks: [6, 12, 24, 16], stem: stem)
        case .kerasNetwork: KerasNetwork()
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

    /// Bottlenecks in groups of 4 channels where the stage is 64 wide.
    private func aggregated(groups: Int, _ place: StridePlace) -> ResNet.Block {
        .bottleneck(.init(groups: groups, innerFactor: groups / 16, stridePlace: place))
    }

    /// ResNeXt's network for CIFAR, in the published script's dimensions.
    private func small(_ stem: Stem, _ place: StridePlace, _ head: Head) -> ResNet {
        ResNet(
            block: .bottleneck(
                .init(groups: 4, innerFactor: 4, outerFactor: 8, stridePlace: place)),
            stages: [64, 128, 256].map { .init(width: $0, blockCount: 3) }, stem: stem,
            head: head, smallStemKernel: 1)
    }
}

/// A backbone's layers.
protocol Network {
    /// Scores `[N, count]` for images `[N, 3, H, W]`.
    func scores(for images: Value, count: Int, in layers: LayerWriter)
        throws(ShapeError) -> Value
}

/// Which convolution of a bottleneck has the stride.
public enum StridePlace: String, Hashable, Sendable, Codable, CaseIterable {
    /// As in torchvision and the published scripts.
    case threeByThree = "3x3"
    /// As in the paper, and in detection networks that start from its authors' weights.
    case oneByOne = "1x1"
}

// What specs and reports need to know of a network before it is written.

extension Backbone {
    /// How many numbers the network gives for an image: the example of Keras tells two classes apart
    /// by one logit, everything else scores each class.
    public func scoreCount(classCount: Int) -> Int {
        self == .kerasNetwork && classCount == 2 ? 1 : classCount
    }

    /// What the published network has behind its convolutions.
    public var publishedNormalization: Normalization {
        switch self {
        case .kerasNetwork: .none
        case .resnet8, .resnet20, .resnet18, .resnet34, .resnet50, .resnet101, .resnext29x4x64d,
            .resnext50x32x4d, .resnext50x64x4d, .resnext101x32x4d, .resnext101x64x4d, .vgg11,
            .densenet121:
            .batch
        }
    }

    /// Whether there is a choice of how it meets the image.
    public var hasStem: Bool {
        switch self {
        case .vgg11, .kerasNetwork: false
        case .resnet8, .resnet20, .resnet18, .resnet34, .resnet50, .resnet101, .resnext29x4x64d,
            .resnext50x32x4d, .resnext50x64x4d, .resnext101x32x4d, .resnext101x64x4d,
            .densenet121:
            true
        }
    }

    /// Whether there is a choice of where its blocks have their stride.
    public var hasBottlenecks: Bool {
        switch self {
        case .resnet50, .resnet101, .resnext29x4x64d, .resnext50x32x4d, .resnext50x64x4d,
            .resnext101x32x4d, .resnext101x64x4d:
            true
        case .resnet8, .resnet20, .resnet18, .resnet34, .vgg11, .densenet121, .kerasNetwork: false
        }
    }

    /// Whether its last features can be pooled by any ``Head``.
    public var takesHeads: Bool {
        switch self {
        case .resnet8, .resnet20, .resnet18, .resnet34, .resnet50, .resnet101, .resnext29x4x64d,
            .resnext50x32x4d, .resnext50x64x4d, .resnext101x32x4d, .resnext101x64x4d:
            true
        case .vgg11, .densenet121, .kerasNetwork: false
        }
    }

    /// The largest number that divides the channels of every norm.
    public var commonChannelDivisor: Int {
        switch self {
        case .resnet8, .resnet20, .kerasNetwork: 16
        case .densenet121: 32
        case .resnet18, .resnet34, .resnet50, .resnet101, .resnext29x4x64d, .resnext50x32x4d,
            .resnext50x64x4d, .resnext101x32x4d, .resnext101x64x4d, .vgg11:
            64
        }
    }
}

public import Tensors

/// What a loader makes of a data set.
public struct LoaderConfiguration: Hashable, Sendable {
    public var batchSize: Int
    public var order: SampleOrder
    public var dropsLast: Bool
    public var augmentation: Augmentation
    public var normalization: PixelNormalization
    /// How exactly photos are decoded.
    public var decode = DecodeMode.exact
    /// The key of the augmentation's random numbers.
    public var augmentationSeed: UInt64
    /// The format of the images in a batch: `float32`, or `float64` for reference plans.
    public var scalarType: ScalarType = .float32
    /// What a batch holds.
    public var content = BatchContent.images
    /// Where the run begins: elsewhere than at the start when it is resumed.
    public var start: BatchPosition = .start
    /// Worker threads. They change nothing about the batches.
    public var threads = 1
    /// Batches in the ring: how far the workers run ahead.
    public var depth = usualDepth

    public static let usualDepth = 3

    public init(
        batchSize: Int, order: SampleOrder, dropsLast: Bool, augmentation: Augmentation,
        normalization: PixelNormalization, augmentationSeed: UInt64
    ) {
        self.batchSize = batchSize
        self.order = order
        self.dropsLast = dropsLast
        self.augmentation = augmentation
        self.normalization = normalization
        self.augmentationSeed = augmentationSeed
    }

    /// Training as published for the data set: shuffled, augmented, normalized.
    public static func training(
        on name: DatasetName, batchSize: Int, seed: UInt64, dropsLast: Bool
    ) -> LoaderConfiguration {
        training(
            name.pipeline(.standard), batchSize: batchSize, seed: seed, dropsLast: dropsLast)
    }

    public static func training(
        _ pipeline: ImagePipeline, batchSize: Int, seed: UInt64, dropsLast: Bool
    ) -> LoaderConfiguration {
        LoaderConfiguration(
            batchSize: batchSize, order: .shuffled(seed: seed), dropsLast: dropsLast,
            augmentation: pipeline.training, normalization: pipeline.normalization,
            augmentationSeed: seed)
    }

    /// Evaluation: every image once, in order, prepared as published for the data set.
    public static func evaluation(of name: DatasetName, batchSize: Int) -> LoaderConfiguration {
        evaluation(name.pipeline(.standard), batchSize: batchSize)
    }

    public static func evaluation(_ pipeline: ImagePipeline, batchSize: Int)
        -> LoaderConfiguration
    {
        LoaderConfiguration(
            batchSize: batchSize, order: .sequential, dropsLast: false,
            augmentation: pipeline.evaluation, normalization: pipeline.normalization,
            augmentationSeed: 0)
    }
}

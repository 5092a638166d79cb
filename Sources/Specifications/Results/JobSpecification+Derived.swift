public import Datasets
public import Optimizers
public import Tensors

extension JobSpecification {
    /// What happens to the job's images before the network sees them.
    public var pipeline: ImagePipeline { dataset.name.pipeline(augmentation) }

    /// The extents of an image as the network sees it, `[C, H, W]`.
    public var imageShape: Shape { pipeline.imageShape }

    /// The classes that the network tells apart.
    public var classCount: Int { dataset.classCount ?? dataset.name.facts.classCount }

    /// The same job with `change` made to it.
    public func with(_ change: (inout JobSpecification) -> Void) -> JobSpecification {
        var copy = self
        change(&copy)
        return copy
    }

    /// The same job from another seed: another sample of the same row.
    public func with(seed: Int) -> JobSpecification { with { $0.seed = seed } }

    /// What the job does, without the names it goes by.
    public var withoutNames: JobSpecification {
        with {
            $0.table = nil
            $0.label = nil
        }
    }

    /// The two-step trial of this job: the real network and image size, one epoch of two batches
    /// of two images and one evaluation batch, on a drawn stand-in.
    public var smokeTrial: JobSpecification {
        with {
            $0.dataset = DatasetSettings(
                name: dataset.name,
                trainCount: Self.smokeStepCount * Self.smokeBatchSize
                    + min(validation.count, Self.smokeBatchSize),
                testCount: Self.smokeBatchSize, decode: dataset.decode,
                corruptImages: dataset.corruptImages, classCount: dataset.classCount,
                shorterSide: dataset.shorterSide)
            $0.epochs = 1
            $0.batchSize = Self.smokeBatchSize
            $0.evaluationBatchSize = Self.smokeBatchSize
            $0.batching.replicas = min(batching.replicas, Self.smokeBatchSize)
            $0.validation.count = min(validation.count, Self.smokeBatchSize)
            $0.smoke = true
        }
    }

    /// The parameter groups, without their rates where the protocol ignores them.
    public var parameterGroupsInEffect: [ParameterGroup] {
        quirks.contains(.ignoredHeadRate) ? parameterGroups.map(\.withoutRate) : parameterGroups
    }

    /// The epoch before which the optimizer's state starts anew; nil where it does not.
    public var optimizerRestart: Int? {
        quirks.contains(.restartedOptimizer) && epochs > 1 ? epochs / 2 : nil
    }

    /// Optimizer steps of an epoch, of so many training images before any are kept apart.
    public func stepsPerEpoch(of trainingCount: Int) -> Int {
        let count = max(0, trainingCount - validation.count)
        return batching.dropsLast ? count / batchSize : (count + batchSize - 1) / batchSize
    }

    public static let smokeBatchSize = 2
    public static let smokeStepCount = 2
}

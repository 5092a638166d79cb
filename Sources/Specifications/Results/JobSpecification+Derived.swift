extension JobSpecification {
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
                testCount: Self.smokeBatchSize)
            $0.epochs = 1
            $0.batchSize = Self.smokeBatchSize
            $0.evaluationBatchSize = Self.smokeBatchSize
            $0.batching.replicas = min(batching.replicas, Self.smokeBatchSize)
            $0.validation.count = min(validation.count, Self.smokeBatchSize)
            $0.smoke = true
        }
    }

    public static let smokeBatchSize = 2
    public static let smokeStepCount = 2
}

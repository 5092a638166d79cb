extension JobSpecification {
    /// The same job from another seed: another sample of the same row.
    public func with(seed: Int) -> JobSpecification {
        JobSpecification(
            table: table, label: label, dataset: dataset, augmentation: augmentation,
            backbone: backbone, stem: stem, normalization: normalization,
            initialization: initialization, optimizer: optimizer,
            gradientCentralization: gradientCentralization, labelSmoothing: labelSmoothing,
            schedule: schedule, epochs: epochs, batchSize: batchSize,
            evaluationBatchSize: evaluationBatchSize, precision: precision, threads: threads,
            seed: seed, smoke: smoke)
    }

    /// What the job does, without the names it goes by.
    var withoutNames: JobSpecification {
        JobSpecification(
            dataset: dataset, augmentation: augmentation, backbone: backbone, stem: stem,
            normalization: normalization, initialization: initialization, optimizer: optimizer,
            gradientCentralization: gradientCentralization, labelSmoothing: labelSmoothing,
            schedule: schedule, epochs: epochs, batchSize: batchSize,
            evaluationBatchSize: evaluationBatchSize, precision: precision, threads: threads,
            seed: seed, smoke: smoke)
    }

    /// The two-step trial of this job: the real network and image size, one epoch of two batches
    /// of two images and one evaluation batch, on a drawn stand-in.
    public var smokeTrial: JobSpecification {
        JobSpecification(
            table: table, label: label,
            dataset: DatasetSettings(
                name: dataset.name, trainCount: Self.smokeStepCount * Self.smokeBatchSize,
                testCount: Self.smokeBatchSize),
            augmentation: augmentation, backbone: backbone, stem: stem,
            normalization: normalization, initialization: initialization, optimizer: optimizer,
            gradientCentralization: gradientCentralization, labelSmoothing: labelSmoothing,
            schedule: schedule, epochs: 1, batchSize: Self.smokeBatchSize,
            evaluationBatchSize: Self.smokeBatchSize, precision: precision, threads: threads,
            seed: seed, smoke: true)
    }

    public static let smokeBatchSize = 2
    public static let smokeStepCount = 2
}

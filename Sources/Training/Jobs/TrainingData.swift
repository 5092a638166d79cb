public import Datasets
import Graphs
public import Specifications
import Tensors

/// The images of a job, ready to be asked for batch by batch.
public struct TrainingData {
    public let training: Dataset
    public let test: Dataset
    let trainingLoader: Loader
    let testLoader: Loader

    /// Reads or draws what a request names.
    ///
    /// - Parameter start: the first batch that training will ask for.
    /// - Throws: ``DatasetError`` for data that are missing or damaged.
    public init(_ request: TrainRequest, from start: BatchPosition = .start) throws {
        let specification = request.job.specification
        let settings = specification.dataset
        if specification.smoke {
            try self.init(
                specification,
                training: settings.name.standIn(split: .training, count: settings.trainCount ?? 1),
                test: settings.name.standIn(split: .test, count: settings.testCount ?? 1),
                loaderThreads: request.loaderThreads, from: start)
        } else {
            let location = try settings.name.locate(
                root: request.dataRoot, trainingCount: settings.trainCount,
                testCount: settings.testCount)
            try self.init(
                specification, training: try location.read(.training),
                test: try location.read(.test), loaderThreads: request.loaderThreads, from: start)
        }
    }

    /// - Throws: ``DatasetError`` where a batch is larger than the data set.
    public init(
        _ specification: JobSpecification, training: Dataset, test: Dataset, loaderThreads: Int,
        from start: BatchPosition = .start
    ) throws {
        self.training = training
        self.test = test
        var configuration = LoaderConfiguration.training(
            on: specification.dataset.name, batchSize: specification.batchSize,
            seed: UInt64(bitPattern: Int64(specification.seed)), dropsLast: true)
        configuration.threads = loaderThreads
        configuration.start = start
        configuration.scalarType = specification.imageType
        if specification.augmentation == .none {
            configuration.augmentation = specification.dataset.name.facts.evaluation
        }
        trainingLoader = try Loader(training, configuration)
        var evaluation = LoaderConfiguration.evaluation(
            of: specification.dataset.name, batchSize: specification.evaluationBatchSize)
        evaluation.scalarType = specification.imageType
        testLoader = try Loader(test, evaluation)
    }

    /// Full batches only: the last incomplete one is dropped, as in the published scripts.
    var stepsPerEpoch: Int { trainingLoader.plan.batchesPerEpoch }

    var evaluationBatchCount: Int { testLoader.plan.batchesPerEpoch }

    var description: String {
        ([
            "\(training.provenance): \(training.count) training and \(test.count) test images"
        ] + training.notes + test.notes).joined(separator: "; ")
    }
}

extension JobSpecification {
    var imageType: ScalarType { graphPrecision == .float64 ? .float64 : .float32 }
}

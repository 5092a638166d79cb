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
            func standIn(_ split: Split, _ count: Int?) -> Dataset {
                settings.name.standIn(
                    split: split, count: count ?? 1, classCount: settings.classCount)
            }
            try self.init(
                specification, training: standIn(.training, settings.trainCount),
                test: standIn(.test, settings.testCount), loaderThreads: request.loaderThreads,
                from: start)
        } else {
            let location = try settings.name.locate(
                root: request.dataRoot, trainingCount: settings.trainCount,
                testCount: settings.testCount)
            try self.init(
                specification,
                training: try location.read(.training, corruptImages: settings.corruptImages),
                test: try location.read(.test, corruptImages: settings.corruptImages),
                loaderThreads: request.loaderThreads, from: start)
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
            specification.pipeline, batchSize: specification.batchSize,
            seed: UInt64(bitPattern: Int64(specification.seed)), dropsLast: true)
        configuration.decode = specification.dataset.decode
        configuration.threads = loaderThreads
        configuration.start = start
        configuration.scalarType = specification.imageType
        trainingLoader = try Loader(training, configuration)
        var evaluation = LoaderConfiguration.evaluation(
            specification.pipeline, batchSize: specification.evaluationBatchSize)
        evaluation.decode = specification.dataset.decode
        evaluation.threads = loaderThreads
        evaluation.scalarType = specification.imageType
        testLoader = try Loader(test, evaluation)
    }

    /// The extents of an image as the network sees it, `[C, H, W]`.
    var imageShape: Shape { Shape(Array(trainingLoader.imageSpec.shape.dimensions.dropFirst())) }

    /// Full batches only: the last incomplete one is dropped, as in the published scripts.
    var stepsPerEpoch: Int { trainingLoader.plan.batchesPerEpoch }

    var evaluationBatchCount: Int { testLoader.plan.batchesPerEpoch }

    var description: String {
        "\(training.provenance): \(training.count) training and \(test.count) test images"
    }

    /// What a person should know about the images: photos that are left out, say.
    var notes: [String] { training.notes + test.notes }
}

extension JobSpecification {
    var imageType: ScalarType { graphPrecision == .float64 ? .float64 : .float32 }
}

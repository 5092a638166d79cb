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
    /// nil where none are kept apart.
    let validationLoader: Loader?

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
            let photos = PhotoPreparation(
                shorterSide: settings.shorterSide, cacheFolder: request.cacheFolder)
            try self.init(
                specification, training: try location.read(.training).prepared(photos),
                test: try location.read(.test).prepared(photos), loaderThreads: request.loaderThreads, from: start)
        }
    }

    /// - Throws: ``DatasetError`` where a batch is larger than the data set.
    public init(
        _ specification: JobSpecification, training: Dataset, test: Dataset, loaderThreads: Int,
        from start: BatchPosition = .start
    ) throws {
        let split = ValidationSplit(training, count: specification.validation.count)
        self.training = split.training
        self.test = test
        var configuration = LoaderConfiguration.training(
            on: specification.dataset.name, batchSize: specification.batchSize,
            seed: UInt64(bitPattern: Int64(specification.seed)), dropsLast: specification.batching.dropsLast)
        configuration.threads = loaderThreads
        configuration.start = start
        configuration.scalarType = specification.imageType
        configuration.augmentation = specification.trainingAugmentation
        trainingLoader = try Loader(split.training, configuration)
        var evaluation = LoaderConfiguration.evaluation(
            of: specification.dataset.name, batchSize: specification.evaluationBatchSize)
        evaluation.augmentation = specification.evaluationAugmentation
        evaluation.scalarType = specification.imageType
        evaluation.dropsLast = specification.quirks.contains(.dropLastEvaluation)
        testLoader = try Loader(test, evaluation)
        validationLoader = try split.validation.map { try Loader($0, evaluation) }
        validationCount = split.validation?.count ?? 0
    }

    private let validationCount: Int

    /// What the plans of the job are for.
    var counts: TrainingProgram.Counts {
        TrainingProgram.Counts(
            training: training.count, evaluated: [test.count, validationCount].filter { $0 > 0 })
    }

    var stepsPerEpoch: Int { trainingLoader.plan.batchesPerEpoch }

    var description: String {
        let kept = validationCount == 0 ? "" : ", \(validationCount) validation"
        return ([
            "\(training.provenance): \(training.count) training\(kept) and \(test.count) test images"
        ] + training.notes + test.notes).joined(separator: "; ")
    }
}

extension JobSpecification {
    var imageType: ScalarType { graphPrecision == .float64 ? .float64 : .float32 }

    /// What a training image undergoes before it is normalized.
    var trainingAugmentation: Augmentation {
        let facts = dataset.name.facts
        return switch augmentation {
        case .standard: facts.augmentation
        case .paper: facts.paper?.training ?? facts.augmentation
        case .none: evaluationAugmentation
        }
    }

    /// What a test image undergoes.
    var evaluationAugmentation: Augmentation {
        let facts = dataset.name.facts
        return augmentation == .paper ? facts.paper?.evaluation ?? facts.evaluation : facts.evaluation
    }
}

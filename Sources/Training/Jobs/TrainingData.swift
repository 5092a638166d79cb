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
            func standIn(_ split: Split, _ count: Int?) -> Dataset {
                settings.name.standIn(
                    split: split, count: count ?? 1, classCount: settings.classCount)
            }
            try self.init(
                specification, training: standIn(.training, settings.trainCount),
                test: standIn(.test, settings.testCount), loaderThreads: request.loaderThreads,
                keepsImages: request.job.backend.usesGPU, from: start)
        } else {
            let location = try settings.name.locate(
                root: request.dataRoot, trainingCount: settings.trainCount,
                testCount: settings.testCount)
            let photos = PhotoPreparation(
                shorterSide: settings.shorterSide, cacheFolder: request.cacheFolder)
            try self.init(
                specification,
                training: try location.read(.training, corruptImages: settings.corruptImages)
                    .prepared(photos),
                test: try location.read(.test, corruptImages: settings.corruptImages)
                    .prepared(photos),
                loaderThreads: request.loaderThreads, keepsImages: request.job.backend.usesGPU,
                from: start)
        }
    }

    /// - Parameter keepsImages: whether small images are kept where they are computed with.
    /// - Throws: ``DatasetError`` where a batch is larger than the data set.
    public init(
        _ specification: JobSpecification, training: Dataset, test: Dataset, loaderThreads: Int,
        keepsImages: Bool = false, from start: BatchPosition = .start
    ) throws {
        let split = ValidationSplit(training, count: specification.validation.count)
        self.training = split.training
        self.test = test
        var configuration = LoaderConfiguration.training(
            specification.pipeline, batchSize: specification.batchSize,
            seed: UInt64(bitPattern: Int64(specification.seed)),
            dropsLast: specification.batching.dropsLast)
        configuration.decode = specification.dataset.decode
        configuration.threads = loaderThreads
        configuration.start = start
        configuration.scalarType = specification.imageType
        let (training, validation) = (split.training, split.validation)
        if keepsImages { configuration.content = training.content(under: configuration) }
        trainingLoader = try Loader(split.training, configuration)
        var evaluation = LoaderConfiguration.evaluation(
            specification.pipeline, batchSize: specification.evaluationBatchSize)
        evaluation.decode = specification.dataset.decode
        evaluation.threads = loaderThreads
        evaluation.scalarType = specification.imageType
        evaluation.dropsLast = specification.quirks.contains(.dropLastEvaluation)
        if keepsImages { evaluation.content = test.content(under: evaluation) }
        testLoader = try Loader(test, evaluation)
        validationLoader = try validation.map { try Loader($0, evaluation) }
        self.validation = validation
    }

    private let validation: Dataset?
    private var validationCount: Int { validation?.count ?? 0 }

    /// The images that are kept where they are computed with, each set with its loader.
    var keptImages: [(images: Dataset, loader: Loader)] {
        let sets = [(training, trainingLoader), (test, testLoader)]
        let more = validation.flatMap { images in validationLoader.map { (images, $0) } }
        return (sets + (more.map { [$0] } ?? [])).filter { $0.1.content == .placements }
    }

    /// What the plans of the job are for.
    var counts: TrainingProgram.Counts {
        TrainingProgram.Counts(
            training: training.count, evaluated: [test.count, validationCount].filter { $0 > 0 })
    }

    /// The extents of an image as the network sees it, `[C, H, W]`.
    var imageShape: Shape { Shape(Array(trainingLoader.imageSpec.shape.dimensions.dropFirst())) }

    var stepsPerEpoch: Int { trainingLoader.plan.batchesPerEpoch }

    var description: String {
        let kept = validationCount == 0 ? "" : ", \(validationCount) validation"
        let counts = "\(training.count) training\(kept) and \(test.count) test images"
        return (["\(training.provenance): \(counts)"] + notes).joined(separator: "; ")
    }

    /// What a person should know about the images: photos that are left out, say.
    var notes: [String] { training.notes + test.notes }
}

extension Dataset {
    /// Placements where they suffice and the images are few enough to be kept.
    fileprivate func content(under configuration: LoaderConfiguration) -> BatchContent {
        let isSmall = count * imageShape.count <= JobSpecification.mostKeptByteCount
        let isPlaced = isPlaced(by: configuration.augmentation)
        return isSmall && isPlaced && configuration.scalarType == .float32 ? .placements : .images
    }
}

extension JobSpecification {
    /// Pixels of a data set that a GPU keeps: the whole of CIFAR, no photos.
    public static let mostKeptByteCount = 1 << 30

    var imageType: ScalarType { graphPrecision == .float64 ? .float64 : .float32 }
}

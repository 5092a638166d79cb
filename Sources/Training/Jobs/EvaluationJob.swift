import Datasets
public import Graphs
import Specifications
import Tensors
import Weights

/// The evaluation alone, of anyone's weights.
public struct EvaluationJob<Engine: Backend & ~Copyable>: ~Copyable {
    private let request: EvaluationRequest
    private let data: EvaluationData
    private let program: EvaluationProgram
    private let executor: Executor<Engine>
    private let weights: WeightsFile

    /// - Throws: ``WeightsError`` and ``MisfittingWeights`` for weights that are not those of the
    ///   network, ``DatasetError`` for images that are missing.
    public static func make(
        _ request: EvaluationRequest, target: any Target, engine: consuming Engine
    ) throws -> EvaluationJob {
        let weights = try WeightsFile(path: request.weights)
        let data = try EvaluationData(request)
        let program = try EvaluationProgram(
            NetworkGraphs(request.job.specification, classCount: data.images.classCount),
            image: data.images.imageShape, count: data.images.count, target: target)
        let tensors = try weights.tensors(fitting: program.graph)
        let executor = try Executor.make(plans: program.plans, on: engine)
        try executor.initialize(
            program.graph, seed: request.job.specification.seed, from: tensors)
        return EvaluationJob(
            request: request, data: data, program: program, executor: executor, weights: weights)
    }

    private init(
        request: EvaluationRequest, data: EvaluationData, program: EvaluationProgram,
        executor: consuming Executor<Engine>, weights: WeightsFile
    ) {
        self.request = request
        self.data = data
        self.program = program
        self.executor = executor
        self.weights = weights
    }

    /// Evaluates every image once, in the order of the data set, and writes the scores where they
    /// are asked for.
    public func run() throws -> EvaluationSummary {
        var result = EvaluationResult()
        var scores = ScoreTable()
        for _ in 0..<data.batchCount {
            try data.loader.withNextBatch { batch in
                guard let index = program.plan(batchOf: batch.count) else {
                    preconditionFailure("no plan evaluates \(batch.count) images")
                }
                result.add(try executor.evaluate(batch, plan: index))
                guard request.scores != nil else { return }
                let region = try EvaluationPorts(program.plans[index]).scores
                scores.add(try executor.read(region), labels: batch.labelTensor)
            }
        }
        if let path = request.scores { try scores.write(to: path, data: data) }
        return summary(result)
    }

    private func summary(_ result: EvaluationResult) -> EvaluationSummary {
        EvaluationSummary(
            data: data.description, count: result.count, accuracy: result.accuracy,
            top5Accuracy: result.top5Accuracy, loss: result.meanLoss,
            weightsDigest: weights.digest, notes: weights.notes)
    }
}

/// The test images of a job.
struct EvaluationData {
    let images: Dataset
    let loader: Loader

    init(_ request: EvaluationRequest) throws {
        let specification = request.job.specification
        let settings = specification.dataset
        if specification.smoke {
            images = settings.name.standIn(split: .test, count: settings.testCount ?? 1)
        } else {
            images = try settings.name.locate(
                root: request.dataRoot, trainingCount: settings.trainCount,
                testCount: settings.testCount
            ).read(.test)
        }
        var configuration = LoaderConfiguration.evaluation(
            of: settings.name, batchSize: specification.evaluationBatchSize)
        configuration.scalarType = specification.imageType
        configuration.threads = request.loaderThreads
        loader = try Loader(images, configuration)
    }

    var batchCount: Int { loader.plan.batchesPerEpoch }

    var description: String {
        (["\(images.provenance): \(images.count) test images"] + images.notes)
            .joined(separator: "; ")
    }
}

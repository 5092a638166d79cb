import Datasets
public import Graphs
public import Specifications
public import Tensors

/// The plans of a job over one arena: the training step, then an evaluation for each batch size
/// that the test set needs.
public struct TrainingProgram: Sendable {
    /// The training plan first.
    public let plans: [Plan]
    /// Plan numbers by evaluation batch size.
    private let evaluations: [Int: Int]
    public let trainingGraph: Graph

    public var training: Plan { plans[0] }

    /// Bytes of the arena that all plans share.
    public var arenaByteCount: Int { plans.map(\.arenaByteCount).max() ?? 0 }

    /// The number of the plan that evaluates a batch of `count` images.
    public func evaluationPlan(batchOf count: Int) -> Int? { evaluations[count] }

    /// Plans everything a job will run.
    ///
    /// - Parameters:
    ///   - image: `[C, H, W]`.
    ///   - testCount: the test images, whose last batch may be smaller; 0 for no evaluation.
    /// - Throws: ``ShapeError`` where the network does not fit the images, ``PlanningError`` where
    ///   the target cannot run it.
    public init(
        _ graphs: NetworkGraphs, image: Shape, testCount: Int, target: any Target,
        options: PlanOptions = PlanOptions()
    ) throws {
        let specification = graphs.specification
        func batch(_ count: Int) -> Shape { Shape([count] + image.dimensions) }
        let planner = Planner(target: target, options: options)
        trainingGraph = try graphs.training(images: batch(specification.batchSize))
        let training = try planner.plan(trainingGraph)
        var plans = [training]
        var evaluations: [Int: Int] = [:]
        let evaluator = Planner(
            target: target, options: PlanOptions(sharing: options.sharing, fuses: options.fuses))
        for count in Self.batchSizes(of: testCount, by: specification.evaluationBatchSize) {
            evaluations[count] = plans.count
            plans.append(
                try evaluator.plan(
                    try graphs.evaluation(images: batch(count)), sharing: training.variables))
        }
        self.plans = plans
        self.evaluations = evaluations
    }

    /// The plan of a job's training step without its data, as text.
    public static func planText(_ specification: JobSpecification, target: any Target) throws
        -> String
    {
        return try TrainingProgram(
            NetworkGraphs(specification, classCount: specification.classCount),
            image: specification.imageShape, testCount: 0, target: target
        ).training.description
    }

    /// The sizes of batches that cover `count` images: full ones, and the last if it is smaller.
    static func batchSizes(of count: Int, by batchSize: Int) -> [Int] {
        let full = count >= batchSize ? [batchSize] : []
        let rest = count % batchSize
        return rest > 0 ? full + [rest] : full
    }
}

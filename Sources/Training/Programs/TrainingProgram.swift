import Datasets
public import Graphs
import Optimizers
public import Specifications
public import Tensors

/// The plans of a job over one arena: the training step, then an evaluation for each batch size
/// that the images to be evaluated need.
///
/// A step of several replicas runs one small plan after the other. Their gradients meet in sums
/// that lie among the variables, and the last plan updates the weights: memory is that of one
/// micro-batch and the sums.
public struct TrainingProgram: Sendable {
    /// The plan that updates the weights after a full batch comes first.
    public let plans: [Plan]
    /// The graph of that plan.
    public let trainingGraph: Graph
    /// The plans that a training step runs, in order, by the images of its batch.
    private let steps: [Int: [Int]]
    /// Plan numbers by evaluation batch size.
    private let evaluations: [Int: Int]

    /// What a program runs on.
    public struct Counts: Hashable, Sendable {
        /// Images of a training epoch; 0 where every batch is full.
        public let training: Int
        /// Images of each set that is evaluated, whose last batch may be smaller.
        public let evaluated: [Int]

        public init(training: Int = 0, evaluated: [Int] = []) {
            self.training = training
            self.evaluated = evaluated
        }
    }

    public var training: Plan { plans[0] }

    /// Bytes of the arena that all plans share.
    public var arenaByteCount: Int { plans.map(\.arenaByteCount).max() ?? 0 }

    /// The number of the plan that evaluates a batch of `count` images.
    public func evaluationPlan(batchOf count: Int) -> Int? { evaluations[count] }

    /// The numbers of the plans that train on a batch of `count` images, in their order; each takes
    /// an equal share of the images.
    public func stepPlans(batchOf count: Int) -> [Int]? { steps[count] }

    /// The sizes of the batches that it trains on.
    public var batchSizes: [Int] { steps.keys.sorted(by: >) }

    /// Plans everything a job will run.
    ///
    /// - Parameter image: `[C, H, W]`.
    /// - Throws: ``ShapeError`` where the network does not fit the images, ``PlanningError`` where
    ///   the target cannot run it.
    public init(
        _ graphs: NetworkGraphs, image: Shape, counts: Counts = Counts(), target: any Target,
        options: PlanOptions = PlanOptions()
    ) throws {
        let specification = graphs.specification
        func batch(_ count: Int) -> Shape { Shape([count] + image.dimensions) }
        let planner = Planner(target: target, options: options)
        let (replicas, size) = (specification.batching.replicas, specification.batchSize)
        let parts = Self.parts(replicas)
        trainingGraph = try graphs.training(images: batch(size / replicas), as: parts[0])
        var plans = [try planner.plan(trainingGraph)]
        let variables = plans[0].variables
        for part in parts.dropFirst() {
            let graph = try graphs.training(images: batch(size / replicas), as: part)
            plans.append(try planner.plan(graph, sharing: variables))
        }
        var steps = [size: Self.order(of: replicas)]
        if let rest = Self.rest(of: counts.training, specification) {
            steps[rest] = [plans.count]
            let graph = try graphs.training(images: batch(rest))
            plans.append(try planner.plan(graph, sharing: variables))
        }
        var evaluations: [Int: Int] = [:]
        let evaluator = Planner(
            target: target, options: PlanOptions(sharing: options.sharing, fuses: options.fuses))
        for count in Self.evaluatedSizes(counts.evaluated, specification) {
            evaluations[count] = plans.count
            plans.append(
                try evaluator.plan(try graphs.evaluation(images: batch(count)), sharing: variables))
        }
        self.plans = plans
        self.steps = steps
        self.evaluations = evaluations
    }

    /// The distinct parts of a step, the last one first: it knows every variable.
    private static func parts(_ replicas: Int) -> [MicroBatch] {
        if replicas == 1 { return [.whole] }
        let ends = [MicroBatch.last(of: replicas), .first(of: replicas)]
        return replicas == 2 ? ends : ends + [.middle(of: replicas)]
    }

    /// Plan numbers in the order in which a step runs them.
    private static func order(of replicas: Int) -> [Int] {
        replicas == 1 ? [0] : [1] + Array(repeating: 2, count: replicas - 2) + [0]
    }

    /// The plan of a job's training step without its data, as text: one plan after the other where
    /// there are replicas.
    public static func planText(_ specification: JobSpecification, target: any Target) throws
        -> String
    {
        let program = try TrainingProgram(
            NetworkGraphs(specification, classCount: specification.classCount),
            image: specification.imageShape, target: target)
        return program.plans.reversed().map(\.description).joined(separator: "\n")
    }

    /// The images that are left over after full batches, where they are trained on.
    private static func rest(of count: Int, _ specification: JobSpecification) -> Int? {
        let rest = count % specification.batchSize
        return specification.batching.dropsLast || rest == 0 ? nil : rest
    }

    /// The sizes of batches that cover sets of `counts` images: full ones, and the last ones where
    /// they are smaller and not left out.
    static func evaluatedSizes(_ counts: [Int], _ specification: JobSpecification) -> [Int] {
        let size = specification.evaluationBatchSize
        let full = counts.contains { $0 >= size } ? [size] : []
        if specification.quirks.contains(.dropLastEvaluation) { return full }
        return full + Set(counts.map { $0 % size }).subtracting([0]).sorted()
    }
}

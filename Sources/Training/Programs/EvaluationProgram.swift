public import Graphs
import Specifications
public import Tensors

/// The plans of an evaluation alone, one for each batch size that the images need, over one arena.
public struct EvaluationProgram: Sendable {
    public let plans: [Plan]
    public let graph: Graph
    /// Plan numbers by batch size.
    private let numbers: [Int: Int]

    /// The number of the plan for a batch of `count` images.
    public func plan(batchOf count: Int) -> Int? { numbers[count] }

    /// - Parameters:
    ///   - image: `[C, H, W]`.
    ///   - count: the images, at least one; their last batch may be smaller.
    /// - Throws: ``ShapeError`` where the network does not fit the images, ``PlanningError`` where
    ///   the target cannot run it.
    public init(_ graphs: NetworkGraphs, image: Shape, count: Int, target: any Target) throws {
        let planner = Planner(target: target)
        let sizes = TrainingProgram.batchSizes(
            of: count, by: graphs.specification.evaluationBatchSize)
        let all = try sizes.map { size in
            try graphs.evaluation(images: Shape([size] + image.dimensions))
        }
        var plans: [Plan] = []
        for graph in all {
            plans.append(try planner.plan(graph, sharing: plans.first?.variables))
        }
        guard let graph = all.first else {
            throw ShapeError("evaluation", "there are no images to evaluate")
        }
        self.plans = plans
        self.graph = graph
        numbers = Dictionary(uniqueKeysWithValues: zip(sizes, plans.indices))
    }
}

import Graphs
import Tensors

/// Which part of a step a graph computes. A step of R micro-batches runs the first one's graph, the
/// middle one's R − 2 times and the last one's, which updates the weights.
///
/// *Reference:* PyTorch's `DataParallel`, which the published multi-GPU runs used: equal shares of
/// a batch, each with its own batch statistics, the gradients averaged, and the running statistics
/// of the first device.
public enum MicroBatch: Hashable, Sendable {
    /// The whole batch at once.
    case whole
    case first(of: Int)
    case middle(of: Int)
    case last(of: Int)

    /// Whether the step's running statistics are this part's.
    public var isFirst: Bool {
        switch self {
        case .whole, .first: true
        case .middle, .last: false
        }
    }

    /// Whether the weights are updated behind this part.
    public var isLast: Bool {
        switch self {
        case .whole, .last: true
        case .first, .middle: false
        }
    }

    /// Writes Σ, the part's share of the averaged gradient added to what the parts before it left:
    ///
    ///   Σ = g/R for the first part, Σ + g/R for the others
    func sum(adding gradient: Value, of variable: Variable, in graph: GraphBuilder)
        throws(ShapeError) -> Value
    {
        var writer = UpdateWriter()
        let g = writer.tensor(gradient)
        let result: UpdateProgram.Source
        switch self {
        case .whole: return gradient
        case .first(let count):
            result = writer.scaled(.init(1 / Double(count)), g)
        case .middle(let count), .last(let count):
            let sum = writer.tensor(graph.gradientSum(of: variable))
            result = writer.sum(1, sum, .init(1 / Double(count)), g)
        }
        return try writer.apply(returning: [result], in: graph)[0]
    }
}

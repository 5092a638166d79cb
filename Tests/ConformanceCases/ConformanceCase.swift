public import Graphs
import Tensors

/// A small graph, the numbers that go in, and how close to the reference its results must be.
public struct ConformanceCase: Sendable, CustomStringConvertible {
    public let name: String
    public let tolerance: Tolerance
    /// How often the graph runs; variables keep what it left in them.
    public let steps: Int
    private let write: @Sendable (CaseWriter) throws(ShapeError) -> Void

    public init(
        _ name: String, _ tolerance: Tolerance, steps: Int = 1,
        _ write: @escaping @Sendable (CaseWriter) throws(ShapeError) -> Void
    ) {
        self.name = name
        self.tolerance = tolerance
        self.steps = steps
        self.write = write
    }

    public var description: String { name }

    /// Every operation's cases, forward and backward.
    public static let operations: [ConformanceCase] = [
        convolutions, weightStandardizations, denseLayers, normalizations, elementWise, dropouts,
        pooling, concatenations, reshapes, covariancePooling, losses, updates,
    ].flatMap { $0 }

    public static let all = operations + networks

    /// The graph in the given number formats.
    public func graph(_ precision: Precision) throws(ShapeError) -> Graph {
        try written(precision).graph.finish()
    }

    func written(_ precision: Precision) throws(ShapeError) -> CaseWriter {
        let writer = CaseWriter(precision: precision)
        try write(writer)
        return writer
    }
}

public import Tensors

/// The same numbers in another physical layout. Written by the planner only.
public struct Reorder: OperationRule {
    public let from: Layout
    public let to: Layout

    public init(from: Layout, to: Layout) {
        self.from = from
        self.to = to
    }

    public var name: String { "reorder \(from) to \(to)" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        return operands
    }
}

/// The same numbers in another format, rounded to nearest, ties to even; in any layout.
public struct Convert: OperationRule {
    public let result: ScalarType

    public init(to result: ScalarType) { self.result = result }

    public var name: String { "convert to \(result.rawValue)" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        return [TensorSpec(operands[0].shape, result)]
    }

    /// Rounding counts as the identity.
    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return [nil] }
        return [try graph.convert(gradient, to: node.operands[0].spec.scalarType)]
    }
}

/// The same numbers elsewhere: where an update cannot be in place, and where the old content of a
/// variable outlives the step.
public struct Copy: OperationRule {
    public init() {}

    public var name: String { "copy" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        return operands
    }
}

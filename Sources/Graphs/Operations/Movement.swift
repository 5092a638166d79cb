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

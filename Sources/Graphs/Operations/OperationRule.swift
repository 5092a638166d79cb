public import Tensors

/// Operands that do not fit an operation. Raised while a graph is written.
public struct ShapeError: Error, Hashable, CustomStringConvertible {
    public let operation: String
    public let problem: String

    public init(_ operation: String, _ problem: String) {
        self.operation = operation
        self.problem = problem
    }

    public var description: String { "\(operation): \(problem)" }
}

/// What an operation knows of itself: its name, its shape rule, its gradient rule and its cost.
public protocol OperationRule: Hashable, Sendable {
    var name: String { get }

    /// What the operation returns for these operands.
    func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec]

    /// Writes the gradient of each operand into `graph`; nil where there is none.
    func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]

    /// Multiply-adds of one application; 0 where memory traffic is all there is.
    func multiplyAdds(operands: [TensorSpec], results: [TensorSpec]) -> Int

    /// Multiply-adds of matrix products that published counts leave out: they stop at convolutions
    /// and dense layers.
    func uncountedMultiplyAdds(operands: [TensorSpec], results: [TensorSpec]) -> Int
}

/// A node met on the way back from the loss.
public struct DifferentiatedNode {
    public let operands: [Value]
    public let results: [Value]
    /// The loss's gradient with respect to each result; nil where the loss does not depend on it.
    public let resultGradients: [Value?]
    /// Which operands some parameter's gradient needs; the others may be left out.
    public let wanted: [Bool]
}

extension OperationRule {
    /// An operation without a gradient rule stops the way back.
    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    { node.operands.map { _ in nil } }

    public func multiplyAdds(operands: [TensorSpec], results: [TensorSpec]) -> Int { 0 }

    public func uncountedMultiplyAdds(operands: [TensorSpec], results: [TensorSpec]) -> Int { 0 }

    /// Throws unless there are `counts` operands.
    func expect(_ operands: [TensorSpec], counts: ClosedRange<Int>) throws(ShapeError) {
        guard counts.contains(operands.count) else {
            throw ShapeError(name, "takes \(counts) operands, got \(operands.count)")
        }
    }

    func expect(_ condition: Bool, _ problem: @autoclosure () -> String) throws(ShapeError) {
        guard condition else { throw ShapeError(name, problem()) }
    }
}

public import Tensors

/// The same numbers in the same row-major order under another shape. Operand: x. Result: y of
/// `shape`.
public struct Reshape: OperationRule {
    public let shape: Shape

    public init(to shape: Shape) { self.shape = shape }

    public var name: String { "reshape" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        try expect(
            operands[0].shape.count == shape.count,
            "\(operands[0].shape) cannot become \(shape)")
        return [TensorSpec(shape, operands[0].scalarType)]
    }

    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return [nil] }
        let back = Reshape(to: node.operands[0].shape)
        return [try graph.apply(.reshape(back), to: [gradient])[0]]
    }
}

public import Tensors

/// A symbolic tensor: an id within its graph, and what it is.
public struct Value: Hashable, Sendable, Codable {
    public let id: Int
    public let spec: TensorSpec

    public var shape: Shape { spec.shape }
}

/// One operation applied to values.
public struct Node: Hashable, Sendable {
    public let operation: Operation
    public let operands: [Value]
    public let results: [Value]
    /// Where in the model it was written, such as `layer1.0.conv1`.
    public let scope: String

    public init(operation: Operation, operands: [Value], results: [Value], scope: String) {
        self.operation = operation
        self.operands = operands
        self.results = results
        self.scope = scope
    }
}

/// A value with a name: an input that the host fills, or an output that it reads.
public struct NamedValue: Hashable, Sendable {
    public let name: String
    public let value: Value
}

/// The new content of a variable at the end of a step.
public struct Assignment: Hashable, Sendable {
    /// The variable's path.
    public let path: String
    public let value: Value
}

/// A whole step as an immutable value: operations in execution order over symbolic tensors.
public struct Graph: Hashable, Sendable {
    public let precision: Precision
    public let nodes: [Node]
    public let inputs: [NamedValue]
    public let variables: [Variable]
    public let assignments: [Assignment]
    public let outputs: [NamedValue]
    /// What each scope of the model returned, by scope path.
    public let intermediates: [NamedValue]

    public func input(_ name: String) -> Value? { inputs.first { $0.name == name }?.value }

    public func variable(_ path: String) -> Variable? { variables.first { $0.path == path } }

    /// The trainable numbers in the graph.
    public var parameterCount: Int {
        variables.filter { $0.parameter != nil }.reduce(0) { $0 + $1.spec.shape.count }
    }
}

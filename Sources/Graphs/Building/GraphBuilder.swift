public import Tensors

/// Records operations while model code runs over symbolic values; `finish` returns the graph.
///
/// A class because a model's layers write to one recording; it lives for one tracing and is never
/// shared.
public final class GraphBuilder {
    public let precision: Precision

    private(set) var nodes: [Node] = []
    private(set) var variables: [Variable] = []
    private var inputs: [NamedValue] = []
    private var assignments: [Assignment] = []
    private var outputs: [NamedValue] = []
    private var intermediates: [NamedValue] = []
    private var scopes: [String] = []
    private var valueCount = 0

    public init(precision: Precision) { self.precision = precision }

    /// The path of the scope being written.
    public var scopePath: String { scopes.joined(separator: ".") }

    /// The path of `name` within the scope being written.
    public func path(_ name: String) -> String { (scopes + [name]).joined(separator: ".") }

    // MARK: - Writing

    /// Everything written in `body` belongs to `name`; its result can be asked for by that path.
    public func scope<Failure: Error>(_ name: String, _ body: () throws(Failure) -> Value)
        throws(Failure) -> Value
    {
        scopes.append(name)
        defer { scopes.removeLast() }
        let value = try body()
        intermediates.append(NamedValue(name: scopePath, value: value))
        return value
    }

    /// Everything written in `body` carries `path` as its scope, wherever it is written from:
    /// gradients that of their node, updates that of their parameter.
    public func withScope<Failure: Error>(_ path: String, _ body: () throws(Failure) -> Void)
        throws(Failure)
    {
        let outer = scopes
        scopes = path.isEmpty ? [] : [path]
        defer { scopes = outer }
        try body()
    }

    /// Appends a node and returns its results.
    public func apply(_ operation: Operation, to operands: [Value]) throws(ShapeError) -> [Value] {
        let specs: [TensorSpec]
        do {
            specs = try operation.rule.results(of: operands.map(\.spec))
        } catch {
            throw scopePath.isEmpty
                ? error : ShapeError("\(scopePath): \(error.operation)", error.problem)
        }
        let results = specs.map(makeValue)
        nodes.append(
            Node(operation: operation, operands: operands, results: results, scope: scopePath))
        return results
    }

    private func makeValue(_ spec: TensorSpec) -> Value {
        defer { valueCount += 1 }
        return Value(id: valueCount, spec: spec)
    }

    // MARK: - The boundary

    /// A tensor that the host writes before each step.
    public func input(_ name: String, _ spec: TensorSpec) -> Value {
        let value = makeValue(spec)
        inputs.append(NamedValue(name: name, value: value))
        return value
    }

    /// The name of the input that dropout's masks are drawn by.
    public static let dropoutKeyName = "dropout_key"

    /// What the masks of all layers are drawn by, int64 `[]`, written by the host from seed and step;
    /// an input of the graphs that drop anything.
    var dropoutKey: Value {
        let name = Self.dropoutKeyName
        return inputs.first { $0.name == name }?.value ?? input(name, TensorSpec(.scalar, .int64))
    }

    /// A trained tensor named `name` within the current scope, in master precision.
    public func parameter(
        _ name: String, _ shape: Shape, _ parameter: Parameter, _ initializer: Initializer
    ) -> Value {
        variable(
            Variable(
                path: path(name), spec: TensorSpec(shape, precision.master),
                kind: .parameter(parameter), initializer: initializer,
                value: makeValue(TensorSpec(shape, precision.master))))
    }

    /// A running statistic named `name` within the current scope.
    public func runningStatistic(_ name: String, _ shape: Shape, startingAt start: Double) -> Value
    {
        let spec = TensorSpec(shape, precision.master)
        return variable(
            Variable(
                path: path(name), spec: spec, kind: .runningStatistic,
                initializer: .constant(start), value: makeValue(spec)))
    }

    /// A moment of the parameter `owner`.
    public func optimizerState(
        _ name: String, of owner: Variable, startingAt start: Double = 0
    ) -> Value {
        variable(
            Variable(
                path: "\(owner.path).\(name)", spec: owner.spec,
                kind: .optimizerState(path: owner.path), initializer: .constant(start),
                value: makeValue(owner.spec)))
    }

    /// `weight` in another format, written when it changes and not when it is read: a variable that
    /// follows the parameter, or a conversion where `weight` is no parameter.
    func copy(of weight: Value, in type: ScalarType) throws(ShapeError) -> Value {
        guard type != weight.spec.scalarType,
            let owner = variables.first(where: { $0.value == weight })
        else { return try convert(weight, to: type) }
        let kind = Variable.Kind.weightCopy(path: owner.path)
        if let known = variables.first(where: { $0.kind == kind }) { return known.value }
        let spec = TensorSpec(weight.shape, type)
        return variable(
            Variable(
                path: "\(owner.path).\(type.rawValue)", spec: spec, kind: kind,
                initializer: .constant(0), value: makeValue(spec)))
    }

    private func variable(_ variable: Variable) -> Value {
        precondition(
            !variables.contains { $0.path == variable.path }, "\(variable.path) is written twice")
        variables.append(variable)
        return variable.value
    }

    /// `variable`, and with it a copy in another format, holds `new` after the step.
    public func assign(_ new: Value, to variable: Value) {
        guard let owner = variables.first(where: { $0.value == variable }) else {
            preconditionFailure("only variables can be assigned to")
        }
        precondition(new.spec == variable.spec, "\(owner.path) is \(variable.spec)")
        assignments.append(Assignment(path: owner.path, value: contentNow(of: new)))
        for copy in variables where copy.kind == .weightCopy(path: owner.path) {
            let converted = append(.convert(Convert(to: copy.spec.scalarType)), new, to: copy.spec)
            assignments.append(Assignment(path: copy.path, value: converted))
        }
    }

    /// The host can read `value` after each step.
    public func output(_ name: String, _ value: Value) {
        outputs.append(NamedValue(name: name, value: contentNow(of: value)))
    }

    /// A copy if `value` stands for a variable, whose memory may hold its next content by the time
    /// the step ends.
    private func contentNow(of value: Value) -> Value {
        guard variables.contains(where: { $0.value == value }) else { return value }
        return append(.copy(Copy()), value, to: value.spec)
    }

    /// Moves a value, which always fits.
    private func append(_ movement: Operation, _ value: Value, to spec: TensorSpec) -> Value {
        let result = makeValue(spec)
        nodes.append(
            Node(operation: movement, operands: [value], results: [result], scope: scopePath))
        return result
    }

    public func finish() -> Graph {
        Graph(
            precision: precision, nodes: nodes, inputs: inputs, variables: variables,
            assignments: assignments, outputs: outputs, intermediates: intermediates)
    }
}

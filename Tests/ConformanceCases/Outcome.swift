public import Graphs
public import Tensors

/// What a backend made of a case: its outputs, then its variables, by name.
public struct Outcome: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        public let name: String
        public let tensor: HostTensor
    }

    public let entries: [Entry]

    public subscript(name: String) -> HostTensor? { entries.first { $0.name == name }?.tensor }
}

extension ConformanceCase {
    /// Plans the case for `target`, runs it on `engine` and reads everything back.
    ///
    /// - Parameters:
    ///   - precision: the formats of the plan.
    ///   - rounding: the format to which the case's numbers are rounded first; the oracle of a
    ///     float32 backend gets the same float32 numbers in its float64 tensors.
    /// - Throws: ``ShapeError``, ``PlanningError`` or ``BackendError``.
    public func outcome<Engine: Backend & ~Copyable>(
        on engine: consuming Engine, target: any Target, precision: Precision,
        rounding: ScalarType? = nil, options: PlanOptions = PlanOptions()
    ) throws -> Outcome {
        let writer = try written(precision)
        let graph = writer.graph.finish()
        let plan = try Planner(target: target, options: options).plan(graph)
        let executor = try Executor.make(plans: [plan], on: engine)
        func numbers(_ name: String, _ spec: TensorSpec, step: Int) -> HostTensor {
            (writer.numbers[name] ?? .uniform(-1..<1)).tensor(
                spec, name: name, rounding: rounding ?? precision.activations, step: step)
        }
        for variable in graph.variables {
            try executor.load(numbers(variable.path, variable.spec, step: 0), into: variable)
        }
        for step in 0..<steps {
            for input in plan.inputs {
                try executor.write(
                    numbers(input.name, input.region.spec, step: step), to: input.region)
            }
            try executor.run()
        }
        var entries: [Outcome.Entry] = []
        for output in plan.outputs {
            entries.append(.init(name: output.name, tensor: try executor.read(output.region)))
        }
        for variable in graph.variables where !variable.isCopy {
            entries.append(.init(name: variable.path, tensor: try executor.read(variable)))
        }
        return Outcome(entries: entries)
    }
}

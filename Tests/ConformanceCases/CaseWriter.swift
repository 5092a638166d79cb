import Graphs
import Tensors

/// Records a case's graph together with the numbers that go into it.
public final class CaseWriter {
    let graph: GraphBuilder
    var numbers: [String: Numbers] = [:]

    init(precision: Precision) { graph = GraphBuilder(precision: precision) }

    var activations: ScalarType { graph.precision.activations }
    var master: ScalarType { graph.precision.master }

    /// The spec of an activation.
    func spec(_ shape: Shape) -> TensorSpec { TensorSpec(shape, activations) }

    // MARK: - Operands

    /// An activation or its gradient, written by the host.
    func activation(_ name: String, _ shape: Shape, _ numbers: Numbers = .uniform(-1..<1))
        -> Value
    { input(name, TensorSpec(shape, activations), numbers) }

    /// A gradient of weights, a statistic or another number of master precision.
    func master(_ name: String, _ shape: Shape, _ numbers: Numbers = .uniform(-1..<1)) -> Value {
        input(name, TensorSpec(shape, master), numbers)
    }

    func labels(_ count: Int, below classCount: Int) -> Value {
        input("labels", TensorSpec([count], .int64), .integers(below: classCount))
    }

    func input(_ name: String, _ spec: TensorSpec, _ numbers: Numbers) -> Value {
        self.numbers[name] = numbers
        return graph.input(name, spec)
    }

    /// A weight, stored as the backend likes it.
    func weight(
        _ name: String, _ shape: Shape, _ role: ParameterRole = .convolutionKernel,
        _ numbers: Numbers = .uniform(-1..<1)
    ) -> Value {
        self.numbers[graph.path(name)] = numbers
        return graph.parameter(name, shape, Parameter(role: role), .constant(0))
    }

    /// A weight as convolutions read it: in the format of activations.
    func kernel(_ name: String, _ shape: Shape) throws(ShapeError) -> Value {
        try graph.convert(weight(name, shape), to: activations)
    }

    /// The scale and the shift of a norm; neither is near zero.
    func affine(channels: Int) -> [Value] {
        [
            weight("scale", [channels], .normalizationScale, .awayFromZero(0.5..<1.5)),
            weight("shift", [channels], .normalizationShift, .awayFromZero(0.1..<0.5)),
        ]
    }

    /// A running statistic or a moment.
    func state(_ name: String, _ shape: Shape, _ numbers: Numbers = .uniform(-1..<1)) -> Value {
        self.numbers[name] = numbers
        return graph.runningStatistic(name, shape, startingAt: 0)
    }

    // MARK: - Results

    /// Writes an operation; every result is an output, `y0`, `y1`, ….
    @discardableResult
    func apply(_ operation: Operation, to operands: [Value], output prefix: String = "y")
        throws(ShapeError) -> [Value]
    {
        let results = try graph.apply(operation, to: operands)
        for (index, result) in results.enumerated() { graph.output("\(prefix)\(index)", result) }
        return results
    }
}

import Graphs
import Tensors

/// What the chains of all parameters share while their updates are written.
struct UpdateContext {
    typealias Coefficient = UpdateWriter.Coefficient

    let graph: GraphBuilder
    let learningRate: Value
    let step: Value
    /// What gradients are multiplied by, for each norm that they are clipped to.
    var clippingFactors: [Double: Value] = [:]
    /// The removed and the whole energy, `[2]`, of each centralized parameter.
    var energies: [Value] = []
    private var coefficients: [StepCoefficient: Value] = [:]

    init(graph: GraphBuilder, learningRate: Value, step: Value) {
        self.graph = graph
        self.learningRate = learningRate
        self.step = step
    }

    /// A constant times a number that follows the step; written once for all parameters.
    mutating func coefficient(_ rule: StepCoefficient, times constant: Double = 1)
        throws(ShapeError) -> Coefficient
    {
        if let value = coefficients[rule] { return Coefficient(constant, value) }
        var value = step
        try graph.withScope("") { () throws(ShapeError) in
            value = try graph.apply(.stepCoefficient(rule), to: [step])[0]
        }
        coefficients[rule] = value
        return Coefficient(constant, value)
    }

    func rate(_ rate: LearningRate, times constant: Double = 1) -> Coefficient {
        switch rate {
        case .scheduled(let factor): Coefficient(factor * constant, learningRate)
        case .constant(let value): Coefficient(value * constant)
        }
    }
}

/// One parameter's chain while it is written: short programs, one after the other.
struct UpdateSite {
    typealias Source = UpdateProgram.Source

    let variable: Variable
    /// u: the direction so far.
    var update: Value

    /// Writes the program that `body` makes of u and assigns what it says to the states.
    mutating func write(
        in context: inout UpdateContext,
        _ body: (inout UpdateWriter, Source, inout UpdateContext) throws(ShapeError) ->
            UpdateOutcome
    ) throws(ShapeError) {
        var writer = UpdateWriter()
        let u = writer.tensor(update)
        let outcome = try body(&writer, u, &context)
        // The update may be a state's next content itself, such as momentum without Nesterov.
        let registers = ([outcome.update] + outcome.states.map(\.next)).uniqued()
        let results = try writer.apply(returning: registers, in: context.graph)
        for state in outcome.states {
            guard let index = registers.firstIndex(of: state.next) else { continue }
            context.graph.assign(results[index], to: state.variable)
        }
        update = results[0]
        if results.count > registers.count { context.energies.append(results[registers.count]) }
    }
}

/// What a program leaves: the next u, and the next content of states.
struct UpdateOutcome {
    let update: UpdateProgram.Source
    var states: [(variable: Value, next: UpdateProgram.Source)] = []
}

extension Array where Element: Hashable {
    /// Each element once, where it stands first.
    fileprivate func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

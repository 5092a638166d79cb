public import Graphs
import Tensors

/// The ingredients of optimizers. An optimizer is a chain of them: plain data that can be stored,
/// hashed, printed and compared.
///
/// *Reference:* the official order of statements, reference §1.2.
public indirect enum GradientTransformation: Hashable, Sendable, Codable {
    /// One after the other.
    case chain([GradientTransformation])
    /// u + λ·w.
    case addDecayedWeights(Double)
    /// u minus the mean of each output slice over its fan-in.
    case centralize(CentralizationScope)
    /// Momentum.
    case trace(Momentum)

    /// Writes the transformation of `update`, the direction so far for `variable`.
    func apply(to update: Value, of variable: Variable, in context: inout UpdateContext)
        throws(ShapeError) -> Value
    {
        switch self {
        case .chain(let transformations):
            var update = update
            for transformation in transformations {
                update = try transformation.apply(to: update, of: variable, in: &context)
            }
            return update
        case .addDecayedWeights(let decay):
            if decay == 0 { return update }
            let rule = AddScaled(factor: decay)
            return try context.graph.apply(.addScaled(rule), to: [update, variable.value])[0]
        case .centralize(let scope):
            guard case .centralized(let axis) = scope.treatment(of: variable) else { return update }
            let results = try context.graph.apply(
                .centralize(Centralize(outputAxis: axis)), to: [update])
            context.energies.append(results[1])
            return results[0]
        case .trace(let momentum):
            if momentum.momentum == 0 { return update }
            let buffer = context.graph.optimizerState("momentum_buffer", of: variable)
            let results = try context.graph.apply(
                .trace(Trace(momentum)), to: [update, buffer, context.step])
            context.graph.assign(results[1], to: buffer)
            return results[0]
        }
    }
}

/// What a transformation may use besides the update itself, and what it leaves behind.
struct UpdateContext {
    let graph: GraphBuilder
    let learningRate: Value
    let step: Value
    /// The removed and the whole gradient energy, `[2]`, of each centralized parameter.
    var energies: [Value] = []
}

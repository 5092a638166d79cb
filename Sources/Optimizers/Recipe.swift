public import Graphs
import Tensors

/// A complete optimizer: the chain that turns a gradient into a direction d; the weight then moves
/// by −η·d.
public struct Recipe: Hashable, Sendable, Codable {
    public let name: String
    public let transformation: GradientTransformation
    /// What the chain centralizes; nil for none.
    public let centralization: CentralizationScope?

    /// The recipe for an optimizer in a mode of centralization.
    public init(_ settings: OptimizerSettings, _ mode: GradientCentralizationMode) {
        centralization = mode.scope
        switch settings.name {
        case .sgd:
            name = "SGD" + mode.suffix
            // Decay is added before centralizing, as the official SGD_GC does.
            transformation = .chain(
                [.addDecayedWeights(settings.weightDecay)]
                    + (mode.scope.map { [.centralize($0)] } ?? [])
                    + [
                        .trace(
                            Momentum(
                                momentum: settings.momentum, dampening: settings.dampening,
                                isNesterov: settings.nesterov))
                    ])
        }
    }

    /// Writes the update of every parameter that has a gradient.
    ///
    /// - Parameters:
    ///   - learningRate: η, a scalar value.
    ///   - step: the number of updates done before, a scalar value.
    public func writeUpdates(
        _ gradients: [(Variable, Value)], learningRate: Value, step: Value, in graph: GraphBuilder
    ) throws(ShapeError) {
        let context = UpdateContext(graph: graph, learningRate: learningRate, step: step)
        for (variable, gradient) in gradients {
            try graph.withScope(variable.path) { () throws(ShapeError) in
                let direction = try transformation.apply(
                    to: gradient, of: variable, in: context)
                let updated = try graph.apply(
                    .descend(Descend()), to: [variable.value, direction, learningRate])[0]
                graph.assign(updated, to: variable.value)
            }
        }
    }

    /// The name of the output that holds the removed and the whole gradient energy of a parameter,
    /// `[2]`, where the recipe centralizes it.
    public static func energyOutput(of path: String) -> String {
        UpdateContext.energyOutput(of: path)
    }
}

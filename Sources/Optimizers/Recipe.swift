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

    /// Writes the update of every parameter that has a gradient, and the output
    /// ``energyOutput`` where any of them is centralized.
    ///
    /// - Parameters:
    ///   - learningRate: η, a scalar value.
    ///   - step: the number of updates done before, a scalar value.
    public func writeUpdates(
        _ gradients: [(Variable, Value)], learningRate: Value, step: Value, in graph: GraphBuilder
    ) throws(ShapeError) {
        var context = UpdateContext(graph: graph, learningRate: learningRate, step: step)
        for (variable, gradient) in gradients {
            try graph.withScope(variable.path) { () throws(ShapeError) in
                let direction = try transformation.apply(
                    to: gradient, of: variable, in: &context)
                let updated = try graph.apply(
                    .descend(Descend()), to: [variable.value, direction, learningRate])[0]
                graph.assign(updated, to: variable.value)
            }
        }
        guard var total = context.energies.first else { return }
        for energy in context.energies.dropFirst() { total = try graph.add(total, energy) }
        graph.output(Self.energyOutput, total)
    }

    /// The output `[2]` of the removed and the whole energy of all centralized gradients:
    /// Σ(eᵀg)² and Σ‖g‖².
    public static let energyOutput = "gradient_energy"
}

extension Recipe {
    /// The weights in scope that are left alone because their fan-in is 1.
    public func skippedWeights(of graph: Graph) -> [String] {
        guard let centralization else { return [] }
        return graph.variables.filter { centralization.treatment(of: $0) == .skipped }.map(\.path)
    }
}

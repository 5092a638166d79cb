public import Graphs
import Tensors

/// A complete optimizer: the chain that turns a gradient into the update u that is subtracted from
/// the weight, and what happens to the weight afterwards.
public struct Recipe: Hashable, Sendable, Codable {
    public let name: String
    public let transformation: GradientTransformation
    /// What the chain centralizes; nil for none.
    public let centralization: CentralizationScope?
    /// Slow weights that the weights meet now and then; nil for none.
    public let lookahead: Lookahead?

    /// The recipe for an optimizer in a mode of centralization.
    ///
    /// - Parameter rate: what the update is multiplied by; the scheduled rate as it is by default.
    public init(
        _ settings: OptimizerSettings, _ mode: GradientCentralizationMode,
        rate: LearningRate = .scheduled(factor: 1)
    ) {
        name = settings.title + mode.suffix
        transformation = settings.chain(mode, rate)
        centralization = mode.scope
        lookahead = settings.lookaheadRule
    }

    /// Writes the update of every parameter, and the output ``energyOutput`` where any of them is
    /// centralized.
    ///
    /// - Parameters:
    ///   - learningRate: η, a scalar value.
    ///   - step: the number of updates done before, a scalar value.
    public func writeUpdates(
        _ gradients: [(Variable, Value)], learningRate: Value, step: Value, in graph: GraphBuilder
    ) throws(ShapeError) {
        let updates = gradients.map { ParameterUpdate(variable: $0, gradient: $1, recipe: self) }
        try ParameterUpdate.write(updates, learningRate: learningRate, step: step, in: graph)
    }

    /// The output `[2]` of the removed and the whole energy of all that is centralized: Σ(eᵀu)²
    /// and Σ‖u‖², u the gradient or, with `gc2` and `gcc2`, the update.
    public static let energyOutput = "gradient_energy"
}

/// One parameter with its gradient and its own recipe.
struct ParameterUpdate {
    let variable: Variable
    let gradient: Value
    let recipe: Recipe

    /// Writes all chains of a step.
    static func write(
        _ updates: [ParameterUpdate], learningRate: Value, step: Value, in graph: GraphBuilder
    ) throws(ShapeError) {
        var context = UpdateContext(graph: graph, learningRate: learningRate, step: step)
        try writeNorms(of: updates, into: &context)
        for update in updates {
            try graph.withScope(update.variable.path) { () throws(ShapeError) in
                var site = UpdateSite(variable: update.variable, update: update.gradient)
                try update.recipe.transformation.write(&site, &context)
                try Descent(lookahead: update.recipe.lookahead).write(site, &context)
            }
        }
        guard var total = context.energies.first else { return }
        for energy in context.energies.dropFirst() { total = try graph.add(total, energy) }
        graph.output(Recipe.energyOutput, total)
    }

    /// The factor of each norm that gradients are clipped to, over all that share it.
    private static func writeNorms(
        of updates: [ParameterUpdate], into context: inout UpdateContext
    ) throws(ShapeError) {
        let graph = context.graph
        for maximum in Set(updates.compactMap(\.recipe.transformation.clipNorm)).sorted() {
            var total: Value?
            for update in updates where update.recipe.transformation.clipNorm == maximum {
                let norm = try graph.apply(.squaredNorm(SquaredNorm()), to: [update.gradient])[0]
                if let sum = total { total = try graph.add(sum, norm) } else { total = norm }
            }
            guard let total else { continue }
            let factor = ClippingFactor(maximum: maximum)
            context.clippingFactors[maximum] = try graph.apply(
                .clippingFactor(factor), to: [total])[0]
        }
    }
}

extension GradientTransformation {
    /// The norm that gradients are clipped to; nil where they are not.
    fileprivate var clipNorm: Double? {
        switch self {
        case .chain(let transformations): transformations.lazy.compactMap(\.clipNorm).first
        case .clipByGlobalNorm(let maximum): maximum
        case .addDecayedWeights, .centralize, .trace, .scaleByAdam, .momentRatio, .correctBias,
            .rectifiedRatio, .rectify, .scaleByRootSumSquares, .scaleByRMS, .decayRate,
            .scaleByLearningRate, .decayWeights:
            nil
        }
    }
}

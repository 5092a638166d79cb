public import Graphs
import Tensors

/// The optimizer of a job: which recipe each parameter is trained by.
///
/// Groups apply in their order: a parameter that several of them name takes decay and rate from
/// each, the last one deciding; one that freezes it, or gives it an optimizer of its own, ends
/// that.
public struct OptimizerAssignment: Hashable, Sendable, Codable {
    public let settings: OptimizerSettings
    public let mode: GradientCentralizationMode
    public let groups: [ParameterGroup]

    public init(
        _ settings: OptimizerSettings, _ mode: GradientCentralizationMode,
        groups: [ParameterGroup] = []
    ) {
        self.settings = settings
        self.mode = mode
        self.groups = groups
    }

    /// What most parameters are trained by.
    public var recipe: Recipe { Recipe(settings, mode) }

    /// The recipe of one parameter; nil if it is frozen.
    ///
    /// - Parameter head: the path of the layer that makes the scores.
    public func recipe(for variable: Variable, head: String?) -> Recipe? {
        var (adjusted, factor) = (settings, 1.0)
        for group in groups
        where group.parameters.contains(where: {
            $0.names(variable, head: head)
        }) {
            switch group.treatment {
            case .frozen: return nil
            case .adjusted(let weightDecay, let learningRateFactor):
                if let weightDecay { adjusted = adjusted.with(weightDecay: weightDecay) }
                factor *= learningRateFactor
            case .separate(let own, let isScheduled):
                let rate: LearningRate =
                    isScheduled
                    ? .scheduled(factor: own.learningRate / settings.learningRate)
                    : .constant(own.learningRate)
                return Recipe(own, own.name.modes.contains(mode) ? mode : .none, rate: rate)
            }
        }
        return Recipe(adjusted, mode, rate: .scheduled(factor: factor))
    }

    /// Writes the backward pass and the update of every parameter that is trained.
    public func writeUpdates(
        of loss: Value, learningRate: Value, step: Value, in graph: GraphBuilder
    ) throws(ShapeError) {
        let head = graph.finish().head
        let gradients = try graph.gradients(of: loss) { recipe(for: $0, head: head) != nil }
        let updates = gradients.compactMap { variable, gradient in
            recipe(for: variable, head: head).map {
                ParameterUpdate(variable: variable, gradient: gradient, recipe: $0)
            }
        }
        try ParameterUpdate.write(updates, learningRate: learningRate, step: step, in: graph)
    }

    // MARK: - What it does to a graph

    /// The parameters that are trained, in the graph's order.
    public func trainedParameters(of graph: Graph) -> [Variable] {
        let head = graph.head
        return graph.variables.filter {
            $0.parameter != nil && recipe(for: $0, head: head) != nil
        }
    }

    /// The numbers that are trained.
    public func parameterCount(of graph: Graph) -> Int {
        trainedParameters(of: graph).reduce(0) { $0 + $1.spec.shape.count }
    }

    /// The weights in scope that are left alone because their fan-in is 1.
    public func skippedWeights(of graph: Graph) -> [String] {
        let head = graph.head
        return graph.variables.filter { variable in
            recipe(for: variable, head: head)?.centralization?.treatment(of: variable) == .skipped
        }.map(\.path)
    }

    /// The selectors that name no parameter of the graph.
    public func unusedSelectors(in graph: Graph) -> [ParameterSelector] {
        let head = graph.head
        return groups.flatMap(\.parameters).filter { selector in
            !graph.variables.contains { selector.names($0, head: head) }
        }
    }
}

extension Graph {
    /// The path of the last dense layer: the scores come from it.
    package var head: String? {
        let kernels = variables.filter { $0.parameter?.role == .denseKernel }
        guard let path = kernels.last?.path, let dot = path.lastIndex(of: ".") else { return nil }
        return String(path[..<dot])
    }
}

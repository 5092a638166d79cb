import Tensors

/// Turns graphs into plans: rewrites, order of updates, layouts, lifetimes, offsets.
public struct Planner: Sendable {
    public let target: any Target
    public let options: PlanOptions

    public init(target: any Target, options: PlanOptions = PlanOptions()) {
        self.target = target
        self.options = options
    }

    /// Plans one step.
    ///
    /// - Parameter variables: where an earlier plan of the same program put the variables; this
    ///   plan then uses the same memory for them and its own values come after it.
    /// - Throws: ``PlanningError`` where the target cannot run an operation, an observed scope does
    ///   not exist, or `variables` lacks one of the graph's.
    public func plan(_ graph: Graph, sharing variables: VariableMap? = nil) throws(PlanningError)
        -> Plan
    {
        let observed = try observedValues(of: graph)
        let rewriting = rewritten(graph, keeping: observed.map(\.value))
        let order = UpdateOrder(nodes: rewriting.nodes, replacedValue: graph.replacedValues)
        let ordered = target.joinsUpdates ? order.joined() : order.hoisted()
        var layouts: [Int: Layout] = [:]
        for input in graph.inputs {
            layouts[input.value.id] = .rowMajor(rank: input.value.shape.rank)
        }
        if let earlier = variables?.regionsByPath {
            for variable in graph.variables {
                guard let region = earlier[variable.path] else {
                    throw PlanningError(
                        scope: variable.path, "is not among the variables of the earlier plan")
                }
                layouts[variable.value.id] = region.layout
            }
        }
        let assignment = try LayoutAssignment(
            ordered, replaced: graph.replacedValues, layouts: layouts,
            nextId: rewriting.nextId, target: target, precision: graph.precision)
        return Placement(
            graph: graph, observed: observed, assignment: assignment, target: target,
            options: options, earlier: variables
        ).plan()
    }

    private func rewritten(_ graph: Graph, keeping observed: [Value]) -> Rewriting {
        let kept = Set(
            graph.outputs.map(\.value.id) + observed.map(\.id) + graph.replacedValues.keys)
        var rewriting = Rewriting(nodes: graph.nodes, kept: kept, nextId: graph.valueCount)
        if options.fuses {
            rewriting.fuseBiases()
            rewriting.fuseNormalizations()
            rewriting.foldNormalizations()
            rewriting.fuseConcatenationGradients()
            rewriting.fuseUpdates()
        }
        return rewriting
    }

    private func observedValues(of graph: Graph) throws(PlanningError) -> [NamedValue] {
        var values: [NamedValue] = []
        for path in options.observed {
            guard let value = graph.intermediates.last(where: { $0.name == path }) else {
                let known = graph.intermediates.map(\.name).joined(separator: ", ")
                throw PlanningError(scope: path, "no such scope; there are \(known)")
            }
            values.append(value)
        }
        return values
    }
}

extension Graph {
    /// For each value that becomes a variable's content, the value that is its content now.
    var replacedValues: [Int: Int] {
        var replaced: [Int: Int] = [:]
        for assignment in assignments {
            replaced[assignment.value.id] = variable(assignment.path)?.value.id
        }
        return replaced
    }

    /// One more than the largest value id.
    var valueCount: Int {
        let ids = nodes.flatMap { $0.results.map(\.id) } + inputs.map(\.value.id)
        return ((ids + variables.map(\.value.id)).max() ?? -1) + 1
    }
}

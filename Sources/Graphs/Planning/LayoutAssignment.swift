import Tensors

/// Asks the target how each value should lie in memory and inserts the reorders that follow.
struct LayoutAssignment {
    private(set) var nodes: [Node] = []
    /// Parallel to `nodes`.
    private(set) var requirements: [Requirement] = []
    /// By value id; variables nobody reads are absent.
    private(set) var layouts: [Int: Layout]

    private let replaced: [Int: Int]
    private let target: any Target
    private let precision: Precision
    private var nextId: Int
    private var reordered: [ReorderKey: Value] = [:]

    private struct ReorderKey: Hashable {
        let id: Int
        let layout: Layout
    }

    /// - Parameters:
    ///   - replaced: for each value that becomes a variable's content, the value that is it now.
    ///   - layouts: what is decided already: inputs, and variables of an earlier plan.
    init(
        _ nodes: [Node], replaced: [Int: Int], layouts: [Int: Layout], nextId: Int,
        target: any Target, precision: Precision
    ) throws(PlanningError) {
        self.layouts = layouts
        self.nextId = nextId
        self.target = target
        self.precision = precision
        self.replaced = replaced
        for node in nodes { try assign(node) }
    }

    private mutating func assign(_ node: Node) throws(PlanningError) {
        let requirement = try target.requirement(
            of: node, operandLayouts: node.operands.map { layouts[$0.id] }, precision: precision)
        var operands: [Value] = []
        for (operand, layout) in zip(node.operands, requirement.operandLayouts) {
            operands.append(value(operand, in: layout, scope: node.scope))
        }
        for (result, layout) in zip(node.results, requirement.resultLayouts) {
            layouts[result.id] = wantedLayout(of: result, from: node.operation) ?? layout
        }
        append(
            Node(
                operation: node.operation, operands: operands, results: node.results,
                scope: node.scope), requirement)
    }

    /// Where a conversion makes the content of a variable, it brings it to the variable's layout on
    /// the way; nil for everything else.
    private func wantedLayout(of result: Value, from operation: Operation) -> Layout? {
        guard case .convert = operation else { return nil }
        return replaced[result.id].flatMap { layouts[$0] }
    }

    /// `value` as it lies if it lies in `layout`, else a reordered copy.
    private mutating func value(_ value: Value, in layout: Layout, scope: String) -> Value {
        let current = layouts[value.id] ?? adopt(layout, for: value)
        if current == layout { return value }
        let key = ReorderKey(id: value.id, layout: layout)
        if let copy = reordered[key] { return copy }
        let copy = Value(id: nextId, spec: value.spec)
        nextId += 1
        reordered[key] = copy
        layouts[copy.id] = layout
        append(
            Node(
                operation: .reorder(Reorder(from: current, to: layout)), operands: [value],
                results: [copy], scope: scope),
            Requirement(operandLayouts: [current], resultLayouts: [layout]))
        return copy
    }

    /// The first reader of a variable decides how it is stored, unless that would pad it: padding
    /// would have to be kept at zero by every update.
    private mutating func adopt(_ layout: Layout, for variable: Value) -> Layout {
        let stored =
            layout.isPadded(variable.shape) ? .rowMajor(rank: variable.shape.rank) : layout
        layouts[variable.id] = stored
        return stored
    }

    private mutating func append(_ node: Node, _ requirement: Requirement) {
        nodes.append(node)
        requirements.append(requirement)
    }

    /// Puts the content of `value` where `variable` lies, as the last instruction.
    mutating func appendCopy(of value: Value, to variable: Value) -> Value {
        let from = layouts[value.id] ?? .rowMajor(rank: value.shape.rank)
        let to = layouts[variable.id] ?? from
        let copy = Value(id: nextId, spec: value.spec)
        nextId += 1
        layouts[copy.id] = to
        append(
            Node(
                operation: from == to ? .copy(Copy()) : .reorder(Reorder(from: from, to: to)),
                operands: [value], results: [copy], scope: ""),
            Requirement(operandLayouts: [from], resultLayouts: [to]))
        return copy
    }
}

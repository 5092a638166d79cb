import Tensors

/// Decides which values share a buffer, how long each buffer lives, and where it lies.
struct Placement {
    let graph: Graph
    let observed: [NamedValue]
    var assignment: LayoutAssignment
    let target: any Target
    let options: PlanOptions
    let earlier: VariableMap?

    /// What holds a value.
    private enum Home {
        case variable(path: String)
        case buffer(Int)
    }

    private var sharing: PlanOptions.Sharing { options.sharing }

    private var homes: [Int: Home] = [:]
    private var buffers: [Buffer] = []
    private var workspaces: [Int] = []
    /// For each instruction, the first of those that run as one with it.
    private var moments: [Int] = []

    init(
        graph: Graph, observed: [NamedValue], assignment: LayoutAssignment, target: any Target,
        options: PlanOptions, earlier: VariableMap?
    ) {
        self.graph = graph
        self.observed = observed
        self.assignment = assignment
        self.target = target
        self.options = options
        self.earlier = earlier
        moments = Self.moments(of: assignment.nodes, joinsUpdates: target.joinsUpdates)
    }

    /// Updates in a row that do not read each other's results are one moment where they are joined.
    private static func moments(of nodes: [Node], joinsUpdates: Bool) -> [Int] {
        var moments: [Int] = []
        var made: Set<Int> = []
        for (index, node) in nodes.enumerated() {
            let joins =
                joinsUpdates && node.operation.isUpdate && !made.isEmpty
                && !node.operands.contains { made.contains($0.id) }
            moments.append(joins ? moments[index - 1] : index)
            if !joins { made = [] }
            if node.operation.isUpdate { made.formUnion(node.results.map(\.id)) }
        }
        return moments
    }

    consuming func plan() -> Plan {
        for variable in graph.variables {
            homes[variable.value.id] = .variable(path: variable.path)
        }
        settleAssignments()
        giveHomes()
        let variables = earlier ?? variableMap()
        let (offsets, byteCount) = MemoryPlanner(alignment: target.alignment, sharing: sharing)
            .place(buffers)
        let regions = Regions(
            variables: variables.regionsByPath, offsets: offsets.map { $0 + variables.byteCount },
            layouts: assignment.layouts, homes: homes)
        let instructions = assignment.nodes.indices.map { index in
            instruction(index, regions: regions, offsets: offsets, base: variables.byteCount)
        }
        return Plan(
            targetName: target.name, precision: graph.precision, instructions: instructions,
            variables: variables,
            inputs: graph.inputs.map { NamedRegion(name: $0.name, region: regions[$0.value]) },
            outputs: (graph.outputs + observed).map {
                NamedRegion(name: $0.name, region: regions[$0.value])
            },
            arenaByteCount: variables.byteCount + byteCount)
    }

    private func instruction(_ index: Int, regions: Regions, offsets: [Int], base: Int)
        -> Instruction
    {
        let node = assignment.nodes[index]
        let byteCount = assignment.requirements[index].workspaceByteCount
        let start = byteCount == 0 ? 0 : base + offsets[workspaces[index]]
        return Instruction(
            operation: node.operation, operands: node.operands.map { regions[$0] },
            results: node.results.map { regions[$0] }, workspace: start..<start + byteCount,
            scope: node.scope,
            implementation: assignment.requirements[index].implementation)
    }

    // MARK: - Variables

    /// New contents of variables are written in place where that is safe, else copied at the end.
    private mutating func settleAssignments() {
        let lastUse = LastUse(assignment.nodes, moments)
        let makers = Rewriting(nodes: assignment.nodes).makers()
        for assigned in graph.assignments {
            guard let variable = graph.variable(assigned.path) else { continue }
            let maker = makers[assigned.value.id]
            if sharing == .enabled, let maker, homes[assigned.value.id] == nil,
                canReplace(variable.value, by: assigned.value, at: maker, lastUse)
            {
                homes[assigned.value.id] = .variable(path: assigned.path)
            } else {
                let copy = assignment.appendCopy(of: assigned.value, to: variable.value)
                homes[copy.id] = .variable(path: assigned.path)
            }
        }
        moments += moments.count..<assignment.nodes.count
    }

    /// Whether the instruction that makes `new` can write it over `old`: nobody needs `old` any
    /// more, but for that instruction itself if it allows that.
    private func canReplace(_ old: Value, by new: Value, at index: Int, _ lastUse: LastUse)
        -> Bool
    {
        let node = assignment.nodes[index]
        guard assignment.layouts[old.id] == assignment.layouts[new.id] else { return false }
        if lastUse[old] < moments[index] { return true }
        return lastUse.isAlone(old, at: moments[index])
            && assignment.requirements[index].inPlace.contains { pair in
                node.results[pair.result] == new && node.operands[pair.operand] == old
            }
    }

    private func variableMap() -> VariableMap {
        var end = 0
        let alignment = target.alignment
        let regions = graph.variables.map { variable in
            let layout =
                assignment.layouts[variable.value.id]
                ?? .rowMajor(rank: variable.spec.shape.rank)
            let region = Region(offset: end, spec: variable.spec, layout: layout)
            end += (region.byteCount + alignment - 1) / alignment * alignment
            return region
        }
        return VariableMap(variables: graph.variables, regions: regions, byteCount: end)
    }

    // MARK: - Values

    private mutating func giveHomes() {
        var lastUse = LastUse(assignment.nodes, moments)
        let inputs = options.keepsInputs ? graph.inputs : []
        for value in graph.outputs + observed + inputs {
            lastUse.extend(value.value, to: assignment.nodes.count)
        }
        for input in graph.inputs { addBuffer(for: input.value, first: -1, lastUse) }
        workspaces = Array(repeating: -1, count: assignment.nodes.count)
        for (index, node) in assignment.nodes.enumerated() {
            let moment = moments[index]
            takeOverOperands(of: node, at: index, lastUse)
            for result in node.results where homes[result.id] == nil {
                addBuffer(for: result, first: moment, lastUse)
            }
            let byteCount = assignment.requirements[index].workspaceByteCount
            if byteCount > 0 {
                workspaces[index] = buffers.count
                buffers.append(Buffer(byteCount: byteCount, first: moment, last: moment))
            }
        }
    }

    private mutating func addBuffer(for value: Value, first: Int, _ lastUse: LastUse) {
        homes[value.id] = .buffer(buffers.count)
        buffers.append(
            Buffer(byteCount: byteCount(of: value), first: first, last: max(first, lastUse[value])))
    }

    private func byteCount(of value: Value) -> Int {
        (assignment.layouts[value.id] ?? .rowMajor(rank: value.shape.rank)).byteCount(
            of: value.spec)
    }

    /// Results move into the buffers of operands that die here, where the operation allows it.
    private mutating func takeOverOperands(of node: Node, at index: Int, _ lastUse: LastUse) {
        guard sharing == .enabled else { return }
        let moment = moments[index]
        var taken: Set<Int> = []
        for pair in assignment.requirements[index].inPlace {
            let (result, operand) = (node.results[pair.result], node.operands[pair.operand])
            guard homes[result.id] == nil, case .buffer(let buffer)? = homes[operand.id],
                buffers[buffer].last == moment, lastUse.isAlone(operand, at: moment),
                taken.insert(buffer).inserted,
                byteCount(of: result) == byteCount(of: operand)
            else { continue }
            homes[result.id] = .buffer(buffer)
            buffers[buffer].last = max(moment, lastUse[result])
        }
    }

    /// Where each value lies once offsets are known.
    private struct Regions {
        let variables: [String: Region]
        let offsets: [Int]
        let layouts: [Int: Layout]
        let homes: [Int: Home]

        subscript(value: Value) -> Region {
            switch homes[value.id] {
            case .variable(let path):
                guard let region = variables[path] else {
                    preconditionFailure("\(path) has no region")
                }
                return region
            case .buffer(let index):
                return Region(
                    offset: offsets[index], spec: value.spec,
                    layout: layouts[value.id] ?? .rowMajor(rank: value.shape.rank))
            case nil:
                preconditionFailure("value \(value.id) has no home")
            }
        }
    }
}

/// When values are read for the last time.
private struct LastUse {
    private var moments: [Int: Int] = [:]
    /// How many instructions read a value at that moment.
    private var readerCounts: [Int: Int] = [:]

    init(_ nodes: [Node], _ moments: [Int]) {
        for (node, moment) in zip(nodes, moments) {
            for id in Set(node.operands.map(\.id)) {
                readerCounts[id] = self.moments[id] == moment ? (readerCounts[id] ?? 0) + 1 : 1
                self.moments[id] = moment
            }
        }
    }

    /// −1 for what nobody reads.
    subscript(value: Value) -> Int { moments[value.id] ?? -1 }

    /// Whether a single instruction reads the value then, for the last time.
    func isAlone(_ value: Value, at moment: Int) -> Bool {
        moments[value.id] == moment && readerCounts[value.id] == 1
    }

    mutating func extend(_ value: Value, to moment: Int) { moments[value.id] = moment }
}

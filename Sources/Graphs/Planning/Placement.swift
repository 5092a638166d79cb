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
        var lastReader: [Int: Int] = [:]
        for (index, node) in assignment.nodes.enumerated() {
            for operand in node.operands { lastReader[operand.id] = index }
        }
        let makers = Rewriting(nodes: assignment.nodes).makers()
        for assigned in graph.assignments {
            guard let variable = graph.variable(assigned.path) else { continue }
            let maker = makers[assigned.value.id]
            if sharing == .enabled, let maker, homes[assigned.value.id] == nil,
                canReplace(
                    variable.value, by: assigned.value, at: maker,
                    lastReader: lastReader[variable.value.id] ?? -1)
            {
                homes[assigned.value.id] = .variable(path: assigned.path)
            } else {
                let copy = assignment.appendCopy(of: assigned.value, to: variable.value)
                homes[copy.id] = .variable(path: assigned.path)
            }
        }
    }

    /// Whether the instruction that makes `new` can write it over `old`: nobody needs `old` any
    /// more, but for that instruction itself if it allows that.
    private func canReplace(_ old: Value, by new: Value, at index: Int, lastReader: Int) -> Bool {
        let node = assignment.nodes[index]
        guard assignment.layouts[old.id] == assignment.layouts[new.id] else { return false }
        if lastReader < index { return true }
        return lastReader == index
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
        let count = assignment.nodes.count
        var lastUse: [Int: Int] = [:]
        for (index, node) in assignment.nodes.enumerated() {
            for operand in node.operands { lastUse[operand.id] = index }
        }
        let inputs = options.keepsInputs ? graph.inputs : []
        for value in graph.outputs + observed + inputs { lastUse[value.value.id] = count }
        for input in graph.inputs {
            addBuffer(for: input.value, first: -1, last: lastUse[input.value.id] ?? -1)
        }
        workspaces = Array(repeating: -1, count: count)
        for (index, node) in assignment.nodes.enumerated() {
            takeOverOperands(of: node, at: index, lastUse: lastUse)
            for result in node.results where homes[result.id] == nil {
                addBuffer(for: result, first: index, last: lastUse[result.id] ?? index)
            }
            let byteCount = assignment.requirements[index].workspaceByteCount
            if byteCount > 0 {
                workspaces[index] = buffers.count
                buffers.append(Buffer(byteCount: byteCount, first: index, last: index))
            }
        }
    }

    private mutating func addBuffer(for value: Value, first: Int, last: Int) {
        homes[value.id] = .buffer(buffers.count)
        buffers.append(
            Buffer(byteCount: byteCount(of: value), first: first, last: max(first, last)))
    }

    private func byteCount(of value: Value) -> Int {
        (assignment.layouts[value.id] ?? .rowMajor(rank: value.shape.rank)).byteCount(
            of: value.spec)
    }

    /// Results move into the buffers of operands that die here, where the operation allows it.
    private mutating func takeOverOperands(of node: Node, at index: Int, lastUse: [Int: Int]) {
        guard sharing == .enabled else { return }
        var taken: Set<Int> = []
        for pair in assignment.requirements[index].inPlace {
            let (result, operand) = (node.results[pair.result], node.operands[pair.operand])
            guard homes[result.id] == nil, case .buffer(let buffer)? = homes[operand.id],
                buffers[buffer].last == index, taken.insert(buffer).inserted,
                byteCount(of: result) == byteCount(of: operand)
            else { continue }
            homes[result.id] = .buffer(buffer)
            buffers[buffer].last = max(index, lastUse[result.id] ?? index)
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

import Tensors

/// A program with the values it reads and writes: what linking works on.
struct LinkedUpdate {
    private(set) var program: UpdateProgram
    private(set) var operands: [Value]
    /// Parallel to the program's results.
    private(set) var results: [Value]
    /// The energies, if the program centralizes.
    private(set) var energies: Value?

    /// nil for nodes that are no updates.
    init?(_ node: Node) {
        guard case .update(let program) = node.operation else { return nil }
        self.program = program
        operands = node.operands
        results = Array(node.results.prefix(program.results.count))
        energies = program.centralizedAxis == nil ? nil : node.results.last
    }

    var tensors: ArraySlice<Value> { operands.prefix(program.tensorCount) }
    private var scalars: ArraySlice<Value> { operands.dropFirst(program.tensorCount) }

    /// Puts `earlier`, which makes some of this program's operands, in front of it.
    ///
    /// - Parameter isNeeded: whether somebody else reads a value that `earlier` makes.
    mutating func prepend(_ earlier: LinkedUpdate, isNeeded: (Value) -> Bool) {
        precondition(energies == nil || earlier.energies == nil, "two centralizations")
        let tensors = Self.union(
            earlier.tensors, tensors.filter { !earlier.results.contains($0) })
        let scalars = Self.union(earlier.scalars, scalars)
        let first = earlier.program.instructions.count
        let kept = earlier.results.indices.filter { isNeeded(earlier.results[$0]) }
        program = UpdateProgram(
            tensorCount: tensors.count, scalarCount: scalars.count,
            instructions: earlier.moved(to: tensors + scalars, after: nil)
                + moved(to: tensors + scalars, after: earlier),
            results: program.results.map { $0 + first }
                + kept.map { earlier.program.results[$0] })
        operands = tensors + scalars
        results += kept.map { earlier.results[$0] }
        energies = energies ?? earlier.energies
    }

    private static func union(_ some: some Sequence<Value>, _ others: some Sequence<Value>)
        -> [Value]
    {
        var all = Array(some)
        for value in others where !all.contains(value) { all.append(value) }
        return all
    }

    /// The instructions over other operands, some of which `earlier` computes.
    private func moved(to operands: [Value], after earlier: LinkedUpdate?)
        -> [UpdateProgram.Instruction]
    {
        let first = earlier?.program.instructions.count ?? 0
        func position(_ index: Int) -> Int {
            guard let position = operands.firstIndex(of: self.operands[index]) else {
                preconditionFailure("operand \(index) is lost")
            }
            return position
        }
        func source(_ source: UpdateProgram.Source) -> UpdateProgram.Source {
            switch source {
            case .register(let number): return .register(number + first)
            case .operand(let index):
                if let earlier, let made = earlier.results.firstIndex(of: self.operands[index]) {
                    return .register(earlier.program.results[made])
                }
                return .operand(position(index))
            }
        }
        return program.instructions.map { instruction in
            instruction.mapped(source) {
                UpdateProgram.Factor($0.constant, scalar: $0.scalar.map(position))
            }
        }
    }

    /// The whole as one node.
    func node(scope: String) -> Node {
        Node(
            operation: .update(program.simplified()), operands: operands,
            results: results + (energies.map { [$0] } ?? []), scope: scope)
    }
}

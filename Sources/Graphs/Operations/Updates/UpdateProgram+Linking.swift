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

extension UpdateProgram {
    /// The same with each scaling that only a sum reads folded into that sum: w − 1·(η·m) becomes
    /// w − η·m.
    func simplified() -> UpdateProgram {
        var instructions = instructions
        var dropped: Set<Int> = []
        for number in instructions.indices {
            guard case .scaled(let inner) = instructions[number], !results.contains(number)
            else { continue }
            let readers = instructions.indices.filter { reader in
                instructions[reader].sources.contains(.register(number))
            }
            guard readers.count == 1,
                let folded = instructions[readers[0]].folding(.register(number), inner)
            else { continue }
            instructions[readers[0]] = folded
            dropped.insert(number)
        }
        return without(dropped, of: instructions)
    }

    private func without(_ dropped: Set<Int>, of instructions: [Instruction]) -> UpdateProgram {
        let kept = instructions.indices.filter { !dropped.contains($0) }
        let numbers = Dictionary(uniqueKeysWithValues: zip(kept, kept.indices))
        func renumbered(_ number: Int) -> Int {
            guard let new = numbers[number] else {
                preconditionFailure("register \(number) is read but not written")
            }
            return new
        }
        return UpdateProgram(
            tensorCount: tensorCount, scalarCount: scalarCount,
            instructions: kept.map { number in
                instructions[number].mapped(
                    { source in
                        switch source {
                        case .operand: source
                        case .register(let number): .register(renumbered(number))
                        }
                    }, { $0 })
            },
            results: results.map(renumbered))
    }
}

extension UpdateProgram.Instruction {
    /// A sum that reads `register` once, with the scaling that fills it taken in; nil for others.
    fileprivate func folding(
        _ register: UpdateProgram.Source, _ inner: UpdateProgram.Term
    ) -> Self? {
        switch self {
        case .sum(let a, let b) where a.source == register && b.source != register:
            a.factor.times(inner.factor).map { .sum(UpdateProgram.Term($0, inner.source), b) }
        case .sum(let a, let b) where b.source == register && a.source != register:
            b.factor.times(inner.factor).map { .sum(a, UpdateProgram.Term($0, inner.source)) }
        case .scaled, .sum, .product, .maximum, .ratio, .centralize: nil
        }
    }
}

extension UpdateProgram.Factor {
    /// The product, where it is still one constant and one scalar.
    fileprivate func times(_ other: Self) -> Self? {
        guard scalar == nil || other.scalar == nil else { return nil }
        return Self(constant * other.constant, scalar: scalar ?? other.scalar)
    }
}

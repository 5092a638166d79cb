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

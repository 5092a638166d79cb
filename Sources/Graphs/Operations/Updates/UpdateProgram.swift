public import Tensors

/// A straight-line program that computes the new content of one weight and of its state, element
/// by element; at most one instruction centralizes.
///
/// Each ingredient of an optimizer is a short program; the planner links the programs of one
/// weight into one, so that memory is read and written once however long the chain is.
///
/// Operands: `tensorCount` tensors of one shape, then scalars `[]`. Results: the registers that
/// ``results`` names, then, if an instruction centralizes, `[2]`: the removed energy Σ (eᵀu)² and
/// the whole energy Σ u² of what it centralizes.
public struct UpdateProgram: OperationRule {
    /// Where an instruction reads a tensor.
    public enum Source: Hashable, Sendable {
        case operand(Int)
        /// What instruction number … computed.
        case register(Int)
    }

    /// A number that may follow the step: a constant, or a constant times a scalar operand.
    public struct Factor: Hashable, Sendable {
        public let constant: Double
        /// The operand's number.
        public let scalar: Int?

        public init(_ constant: Double, scalar: Int? = nil) {
            self.constant = constant
            self.scalar = scalar
        }
    }

    public struct Term: Hashable, Sendable {
        public let factor: Factor
        public let source: Source

        public init(_ factor: Factor, _ source: Source) {
            self.factor = factor
            self.source = source
        }
    }

    /// One assignment; instruction n fills register n.
    public enum Instruction: Hashable, Sendable {
        /// α·a
        case scaled(Term)
        /// α·a + β·b
        case sum(Term, Term)
        /// α·a·b + β·c
        case product(Factor, Source, Source, plus: Term)
        /// max(a, b)
        case maximum(Source, Source)
        /// α·a / (γ·√(b + inner) + outer); a negative b, which rounding can leave, counts as 0.
        case ratio(Term, Root)
        /// a minus its mean over the fan-in of each output.
        case centralize(Source, outputAxis: Int)
    }

    /// The denominator of a ratio.
    public struct Root: Hashable, Sendable {
        public let factor: Factor
        public let square: Source
        public let inner: Double
        public let outer: Double

        public init(_ factor: Factor, _ square: Source, inner: Double, outer: Double) {
            self.factor = factor
            self.square = square
            self.inner = inner
            self.outer = outer
        }
    }

    public let tensorCount: Int
    public let scalarCount: Int
    public let instructions: [Instruction]
    /// The registers that leave the program.
    public let results: [Int]

    public init(
        tensorCount: Int, scalarCount: Int, instructions: [Instruction], results: [Int]
    ) {
        self.tensorCount = tensorCount
        self.scalarCount = scalarCount
        self.instructions = instructions
        self.results = results
    }

    /// The axis along which an instruction centralizes; nil if none does.
    public var centralizedAxis: Int? {
        instructions.lazy.compactMap { instruction in
            if case .centralize(_, let axis) = instruction { axis } else { nil }
        }.first
    }

    public var name: String {
        "update (\(instructions.map(\.name).joined(separator: ", ")))"
    }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        let count = tensorCount + scalarCount
        try expect(operands, counts: count...count)
        let spec = operands[0]
        for operand in operands.prefix(tensorCount) {
            try expect(operand == spec, "\(operand) is not \(spec)")
        }
        for scalar in operands.dropFirst(tensorCount) {
            try expect(scalar.shape == .scalar, "a factor is \(scalar)")
        }
        try expect(Set(results).count == results.count, "a register is two results")
        guard let axis = centralizedAxis else { return results.map { _ in spec } }
        try expect(axis < spec.shape.rank, "\(spec.shape) has no axis \(axis)")
        return results.map { _ in spec } + [TensorSpec([2], spec.scalarType)]
    }
}

extension UpdateProgram.Instruction {
    public var name: String {
        switch self {
        case .scaled: "scaled"
        case .sum: "sum"
        case .product: "product"
        case .maximum: "maximum"
        case .ratio: "ratio"
        case .centralize: "centralize"
        }
    }

    /// The tensors that the instruction reads.
    public var sources: [UpdateProgram.Source] {
        switch self {
        case .scaled(let term): [term.source]
        case .sum(let a, let b): [a.source, b.source]
        case .product(_, let a, let b, let c): [a, b, c.source]
        case .maximum(let a, let b): [a, b]
        case .ratio(let a, let root): [a.source, root.square]
        case .centralize(let a, _): [a]
        }
    }

    /// The same instruction with other sources and factors.
    func mapped(
        _ source: (UpdateProgram.Source) -> UpdateProgram.Source,
        _ factor: (UpdateProgram.Factor) -> UpdateProgram.Factor
    ) -> Self {
        func term(_ term: UpdateProgram.Term) -> UpdateProgram.Term {
            UpdateProgram.Term(factor(term.factor), source(term.source))
        }
        return switch self {
        case .scaled(let a): .scaled(term(a))
        case .sum(let a, let b): .sum(term(a), term(b))
        case .product(let alpha, let a, let b, let c):
            .product(factor(alpha), source(a), source(b), plus: term(c))
        case .maximum(let a, let b): .maximum(source(a), source(b))
        case .ratio(let a, let root):
            .ratio(
                term(a),
                UpdateProgram.Root(
                    factor(root.factor), source(root.square), inner: root.inner,
                    outer: root.outer))
        case .centralize(let a, let axis): .centralize(source(a), outputAxis: axis)
        }
    }
}

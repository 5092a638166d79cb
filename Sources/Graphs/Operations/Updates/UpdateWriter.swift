import Tensors

/// Writes an ``UpdateProgram`` instruction by instruction, over the values of a graph.
public struct UpdateWriter {
    public typealias Source = UpdateProgram.Source
    public typealias Factor = UpdateProgram.Factor

    /// A factor before it is known which operand its scalar becomes.
    public struct Coefficient {
        let constant: Double
        let scalar: Value?

        public init(_ constant: Double, _ scalar: Value? = nil) {
            self.constant = constant
            self.scalar = scalar
        }
    }

    private var tensors: [Value] = []
    private var scalars: [Value] = []
    private var instructions: [UpdateProgram.Instruction] = []

    public init() {}

    public mutating func tensor(_ value: Value) -> Source {
        .operand(Self.index(of: value, in: &tensors))
    }

    private static func index(of value: Value, in values: inout [Value]) -> Int {
        if let index = values.firstIndex(of: value) { return index }
        values.append(value)
        return values.count - 1
    }

    // MARK: - Instructions

    /// α·a
    public mutating func scaled(_ alpha: Coefficient, _ a: Source) -> Source {
        append(.scaled(term(alpha, a)))
    }

    /// α·a + β·b
    public mutating func sum(
        _ alpha: Coefficient, _ a: Source, _ beta: Coefficient, _ b: Source
    ) -> Source { append(.sum(term(alpha, a), term(beta, b))) }

    /// α·a·b + β·c
    public mutating func product(
        _ alpha: Coefficient, _ a: Source, _ b: Source, plus beta: Coefficient, _ c: Source
    ) -> Source { append(.product(factor(alpha), a, b, plus: term(beta, c))) }

    /// max(a, b)
    public mutating func maximum(_ a: Source, _ b: Source) -> Source { append(.maximum(a, b)) }

    /// α·a / (γ·√(b + inner) + outer)
    public mutating func ratio(
        _ alpha: Coefficient, _ a: Source, over gamma: Coefficient, rootOf b: Source,
        inner: Double, outer: Double
    ) -> Source {
        append(
            .ratio(
                term(alpha, a),
                UpdateProgram.Root(factor(gamma), b, inner: inner, outer: outer)))
    }

    public mutating func centralize(_ a: Source, outputAxis: Int) -> Source {
        append(.centralize(a, outputAxis: outputAxis))
    }

    private mutating func append(_ instruction: UpdateProgram.Instruction) -> Source {
        instructions.append(instruction)
        return .register(instructions.count - 1)
    }

    private mutating func term(_ coefficient: Coefficient, _ source: Source)
        -> UpdateProgram.Term
    { UpdateProgram.Term(factor(coefficient), source) }

    /// Scalars are numbered from zero until ``apply(returning:in:)`` knows how many tensors come
    /// before them.
    private mutating func factor(_ coefficient: Coefficient) -> Factor {
        Factor(
            coefficient.constant,
            scalar: coefficient.scalar.map { Self.index(of: $0, in: &scalars) })
    }

    // MARK: - The end

    /// Writes the program into `graph` and returns the values of `results`, then the energies if
    /// it centralizes. Results are registers.
    public func apply(returning results: [Source], in graph: GraphBuilder) throws(ShapeError)
        -> [Value]
    {
        let program = UpdateProgram(
            tensorCount: tensors.count, scalarCount: scalars.count,
            instructions: instructions.map { instruction in
                instruction.mapped({ $0 }) { factor in
                    Factor(factor.constant, scalar: factor.scalar.map { $0 + tensors.count })
                }
            },
            results: results.map { result in
                guard case .register(let number) = result else {
                    preconditionFailure("an operand is no result of a program")
                }
                return number
            })
        return try graph.apply(.update(program), to: tensors + scalars)
    }
}

extension UpdateWriter.Coefficient: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    public init(floatLiteral value: Double) { self.init(value) }
    public init(integerLiteral value: Int) { self.init(Double(value)) }
}

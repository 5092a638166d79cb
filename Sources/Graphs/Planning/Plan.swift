public import Tensors

/// A stretch of the arena that holds one tensor.
public struct Region: Hashable, Sendable {
    /// Bytes from the start of the arena.
    public let offset: Int
    public let spec: TensorSpec
    public let layout: Layout

    public init(offset: Int, spec: TensorSpec, layout: Layout) {
        self.offset = offset
        self.spec = spec
        self.layout = layout
    }

    public var byteCount: Int { layout.byteCount(of: spec) }
    public var bytes: Range<Int> { offset..<offset + byteCount }
}

/// One operation on regions of the arena.
public struct Instruction: Hashable, Sendable {
    public let operation: Operation
    public let operands: [Region]
    public let results: [Region]
    /// Bytes of the arena that are the instruction's own while it runs.
    public let workspace: Range<Int>
    public let scope: String
    /// The code that will run, as the library names it; nil where there is no choice.
    public let implementation: String?

    public init(
        operation: Operation, operands: [Region], results: [Region], workspace: Range<Int>,
        scope: String, implementation: String? = nil
    ) {
        self.operation = operation
        self.operands = operands
        self.results = results
        self.workspace = workspace
        self.scope = scope
        self.implementation = implementation
    }
}

/// Where the variables lie: the first part of the arena, the same for every plan of a program.
public struct VariableMap: Hashable, Sendable {
    public let variables: [Variable]
    /// Parallel to `variables`.
    public let regions: [Region]
    public let byteCount: Int

    public func region(of path: String) -> Region? {
        variables.firstIndex { $0.path == path }.map { regions[$0] }
    }

    /// Where the copies of the parameter at `path` lie.
    func copies(of path: String) -> [Region] {
        zip(variables, regions).filter { $0.0.kind == .weightCopy(path: path) }.map(\.1)
    }

    var regionsByPath: [String: Region] {
        Dictionary(uniqueKeysWithValues: zip(variables.map(\.path), regions))
    }
}

/// A region with the name by which the host knows it.
public struct NamedRegion: Hashable, Sendable {
    public let name: String
    public let region: Region
}

/// Instructions over one arena: everything there is to know about a step before it runs.
public struct Plan: Hashable, Sendable {
    public let targetName: String
    public let precision: Precision
    public let instructions: [Instruction]
    public let variables: VariableMap
    public let inputs: [NamedRegion]
    /// Named outputs, then the observed scopes.
    public let outputs: [NamedRegion]
    /// Bytes of variables, values and workspace together.
    public let arenaByteCount: Int

    public func input(_ name: String) -> Region? { inputs.first { $0.name == name }?.region }
    public func output(_ name: String) -> Region? { outputs.first { $0.name == name }?.region }

    /// Multiply-adds of convolutions and dense layers in one run of the plan.
    public var multiplyAdds: Int {
        instructions.reduce(0) { sum, instruction in
            sum
                + instruction.operation.rule.multiplyAdds(
                    operands: instruction.operands.map(\.spec),
                    results: instruction.results.map(\.spec))
        }
    }
}

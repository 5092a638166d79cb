import Tensors

/// Why a graph cannot become a plan.
public struct PlanningError: Error, Hashable, CustomStringConvertible {
    public let scope: String
    public let problem: String

    public init(scope: String, _ problem: String) {
        self.scope = scope
        self.problem = problem
    }

    public var description: String { scope.isEmpty ? problem : "\(scope): \(problem)" }
}

/// What one instruction asks of memory on a given target.
public struct Requirement: Hashable, Sendable {
    /// A result that may take an operand's memory when nobody needs that operand afterwards.
    public struct InPlace: Hashable, Sendable {
        public let result: Int
        public let operand: Int

        public init(result: Int, operand: Int) {
            self.result = result
            self.operand = operand
        }
    }

    public let operandLayouts: [Layout]
    public let resultLayouts: [Layout]
    public let workspaceByteCount: Int
    public let inPlace: [InPlace]
    /// The code that will run, as the library names it; nil where there is no choice.
    public let implementation: String?

    public init(
        operandLayouts: [Layout], resultLayouts: [Layout], workspaceByteCount: Int = 0,
        inPlace: [InPlace] = [], implementation: String? = nil
    ) {
        self.operandLayouts = operandLayouts
        self.resultLayouts = resultLayouts
        self.workspaceByteCount = workspaceByteCount
        self.inPlace = inPlace
        self.implementation = implementation
    }
}

/// What a plan needs to know of a backend; no device needed.
public protocol Target: Sendable {
    var name: String { get }

    /// Every region starts at a multiple of this.
    var alignment: Int { get }

    /// Whether updates of different weights are run as one, so that they belong side by side, and
    /// what one of them needs must be there for all.
    var joinsUpdates: Bool { get }

    /// Layouts and workspace of one node. An operand's layout is nil where it is a variable that
    /// nobody has used yet: the answer decides how it is stored.
    ///
    /// Throws ``PlanningError`` where the backend cannot run the operation.
    func requirement(of node: Node, operandLayouts: [Layout?], precision: Precision)
        throws(PlanningError) -> Requirement
}

extension Target {
    public var joinsUpdates: Bool { false }
}

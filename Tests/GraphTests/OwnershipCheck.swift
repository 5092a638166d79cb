import Graphs
import Tensors

/// Replays a plan on a map of the arena that says which instruction's result each stretch holds,
/// and compares every read with a plan of the same graph in which nothing shares memory.
///
/// It knows nothing of lifetimes or offsets as the planner computes them.
struct OwnershipCheck {
    /// Who wrote a stretch of memory.
    enum Writer: Hashable {
        case nobody
        case input(String)
        case variable(String)
        case result(instruction: Int, index: Int)
        case workspace(instruction: Int)
    }

    private let shared: Plan
    private let apart: Plan
    /// The arena in stretches of the alignment, which all regions start at.
    private var owners: [Writer]
    private var ownersApart: [Writer]
    private(set) var violations: [String] = []

    private static let grain = 64

    /// - Parameters:
    ///   - shared: the plan to check.
    ///   - apart: the same graph on the same target with `sharing: .disabled`.
    init(_ shared: Plan, against apart: Plan) {
        (self.shared, self.apart) = (shared, apart)
        owners = Array(repeating: .nobody, count: shared.arenaByteCount / Self.grain + 1)
        ownersApart = Array(repeating: .nobody, count: apart.arenaByteCount / Self.grain + 1)
        start()
        let common = zip(shared.instructions, apart.instructions)
            .prefix { $0.0.operation == $0.1.operation }.count
        for index in 0..<common { replay(index) }
        for instruction in shared.instructions[common...] {
            move(instruction, isShared: true)
        }
        for instruction in apart.instructions[common...] {
            move(instruction, isShared: false)
        }
        checkEnd()
    }

    private mutating func start() {
        for (plan, isShared) in [(shared, true), (apart, false)] {
            for input in plan.inputs { claim(input.region, .input(input.name), isShared) }
            for (variable, region) in zip(plan.variables.variables, plan.variables.regions) {
                claim(region, .variable(variable.path), isShared)
            }
        }
    }

    private mutating func claim(_ region: Region, _ writer: Writer, _ isShared: Bool) {
        for grain in Self.grains(region.bytes) {
            if isShared { owners[grain] = writer } else { ownersApart[grain] = writer }
        }
    }

    private static func grains(_ bytes: Range<Int>) -> Range<Int> {
        bytes.lowerBound / grain..<(bytes.upperBound + grain - 1) / grain
    }

    private mutating func replay(_ index: Int) {
        let (instruction, twin) = (shared.instructions[index], apart.instructions[index])
        let claims = instruction.workspace.isEmpty ? [] : Array(Self.grains(instruction.workspace))
        for grain in claims { owners[grain] = .workspace(instruction: index) }
        for (region, original) in zip(instruction.operands, twin.operands) {
            expectSame(region, original, "\(index) \(instruction.operation.rule.name) reads")
        }
        for (number, region) in instruction.results.enumerated() {
            expectApart(region, number, of: instruction, index)
            claim(region, .result(instruction: index, index: number), true)
            claim(twin.results[number], .result(instruction: index, index: number), false)
        }
        for grain in claims where owners[grain] != .workspace(instruction: index) {
            violations.append("\(index): the workspace overlaps a result")
        }
    }

    /// Results overlap no other result, and operands only where the operation may work in place.
    private mutating func expectApart(
        _ region: Region, _ number: Int, of instruction: Instruction, _ index: Int
    ) {
        for other in instruction.results[..<number] where region.bytes.overlaps(other.bytes) {
            violations.append("\(index): two results overlap")
        }
        for (operand, other) in instruction.operands.enumerated()
        where region.bytes.overlaps(other.bytes) && !region.bytes.isEmpty {
            let mayReplace = instruction.operation.elementWiseInPlace.contains {
                $0.result == number && $0.operand == operand
            }
            // The same value may be read twice, as in a + a.
            let isTwice = instruction.operands.filter { $0 == other }.count > 1
            if !(mayReplace || isTwice) || region.bytes != other.bytes {
                violations.append("\(index): result \(number) overlaps operand \(operand)")
            }
        }
    }

    /// The copies into variables at the end: content keeps its writer.
    private mutating func move(_ instruction: Instruction, isShared: Bool) {
        let source = instruction.operands[0].offset / Self.grain
        claim(instruction.results[0], isShared ? owners[source] : ownersApart[source], isShared)
        switch instruction.operation {
        case .copy, .reorder: break
        default: violations.append("\(instruction.operation.rule.name) is in one plan only")
        }
    }

    private mutating func checkEnd() {
        for (output, original) in zip(shared.outputs, apart.outputs) {
            expectSame(output.region, original.region, "output \(output.name)")
        }
        for (index, variable) in shared.variables.variables.enumerated() {
            expectSame(
                shared.variables.regions[index], apart.variables.regions[index],
                "variable \(variable.path)")
        }
    }

    private mutating func expectSame(_ region: Region, _ original: Region, _ what: String) {
        guard region.spec == original.spec, region.layout == original.layout else {
            violations.append("\(what): \(region.spec) \(region.layout) is not as without sharing")
            return
        }
        let expected = Self.grains(original.bytes).map { ownersApart[$0] }
        let actual = Self.grains(region.bytes).map { owners[$0] }
        if Set(actual).count > 1 || actual.first != expected.first || actual.first == .nobody {
            violations.append("\(what): \(Set(actual)) where \(Set(expected)) is meant")
        }
    }
}

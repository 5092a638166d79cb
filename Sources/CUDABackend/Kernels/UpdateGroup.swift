import Graphs
import Tensors

/// Updates of a plan, one after the other, that can run in any order and so at once; and the
/// conversions of what they make, which the same pass over memory writes.
struct UpdateGroup {
    let updates: Range<Int>
    /// For an update, the conversion of its first result to bfloat16.
    let copies: [Int: Int]

    /// Everything that needs no kernel of its own.
    var members: [Int] { Array(updates) + copies.values }

    /// All groups of a plan, in order.
    static func groups(of instructions: [Instruction]) -> [UpdateGroup] {
        var groups: [UpdateGroup] = []
        var start = 0
        while start < instructions.count {
            let end = end(of: start, in: instructions)
            if end > start {
                groups.append(
                    UpdateGroup(
                        updates: start..<end, copies: copies(of: start..<end, in: instructions)))
            }
            start = max(end, start + 1)
        }
        return groups
    }

    /// The end of the longest group that begins at `start`.
    private static func end(of start: Int, in instructions: [Instruction]) -> Int {
        var (read, written) = (Footprint(), Footprint())
        for index in start..<instructions.count {
            let instruction = instructions[index]
            guard instruction.operation.isUpdate else { return index }
            let (operands, results) = (instruction.read, instruction.written)
            if written.overlaps(operands + results) || read.overlaps(results) { return index }
            read.add(operands)
            written.add(results)
        }
        return instructions.count
    }

    /// Conversions behind the updates whose operand is still what an update made, and whose result
    /// nobody touches before they come.
    private static func copies(of updates: Range<Int>, in instructions: [Instruction])
        -> [Int: Int]
    {
        let makers = Dictionary(updates.map { (instructions[$0].results[0], $0) }) { one, _ in one }
        var copies: [Int: Int] = [:]
        var (touched, rewritten) = (Footprint(), Footprint())
        for index in updates { touched.add(instructions[index].read + instructions[index].written) }
        for index in updates.upperBound..<instructions.count {
            let instruction = instructions[index]
            if instruction.isNarrowing, let maker = makers[instruction.operands[0]],
                copies[maker] == nil, !rewritten.overlaps(instruction.read),
                !touched.overlaps(instruction.written)
            {
                copies[maker] = index
            }
            touched.add(instruction.read + instruction.written)
            rewritten.add(instruction.written)
        }
        return copies
    }
}

/// Stretches of the arena.
private struct Footprint {
    private var stretches: [Range<Int>] = []

    mutating func add(_ more: [Range<Int>]) { stretches += more }

    func overlaps(_ others: [Range<Int>]) -> Bool {
        others.contains { other in stretches.contains { $0.overlaps(other) } }
    }
}

extension Instruction {
    fileprivate var read: [Range<Int>] { operands.map(\.bytes) }

    fileprivate var written: [Range<Int>] {
        results.map(\.bytes) + (workspace.isEmpty ? [] : [workspace])
    }

    /// Whether it rounds to bfloat16 and leaves everything where it is.
    fileprivate var isNarrowing: Bool {
        guard case .convert = operation else { return false }
        return operands[0].spec.scalarType == .float32
            && results[0].spec.scalarType == .bfloat16 && operands[0].layout == results[0].layout
    }
}

extension Operation {
    fileprivate var isUpdate: Bool { if case .update = self { true } else { false } }
}

import CKernels
import Graphs

/// An update program as the kernel runs it: where each register lives, and centralization folded
/// into the sum that reads it.
struct LoweredUpdate {
    /// Where a tensor lives while the program runs.
    enum Place: Hashable {
        case operand(Int)
        case result(Int)
        /// In cache only, for the length of a block.
        case block(Int)
        /// In workspace, for a stretch of outputs.
        case stretch(Int)
    }

    struct Step {
        var kind: gcb_update_kind
        var y: Place
        var sources: [Place]
        var alpha = UpdateProgram.Factor(1)
        var beta = UpdateProgram.Factor(0)
        var inner = 0.0
        var outer = 0.0
    }

    private(set) var steps: [Step] = []
    /// How many steps come before centralization.
    private(set) var before = 0
    /// What is centralized.
    private(set) var centralized: Place?
    private(set) var stretchCount = 0

    private let program: UpdateProgram
    private var places: [Int: Place] = [:]
    private var freeBlocks: [Int] = (0..<Int(GCB_UPDATE_BLOCKS)).reversed()

    init(_ program: UpdateProgram) {
        self.program = program
        let center = program.centralization
        let folded = center.flatMap { program.soleSum(reading: $0) }
        placeLasting(center)
        for number in program.instructions.indices {
            if number == center {
                before = steps.count
                centralized = place(program.instructions[number].sources[0])
                if folded != nil { continue }
            }
            append(number, folding: number == folded ? center : nil)
        }
    }

    /// Results go where they stay; what centralization separates from its readers goes to
    /// workspace.
    private mutating func placeLasting(_ center: Int?) {
        for (result, number) in program.results.enumerated() { places[number] = .result(result) }
        guard let center else { return }
        for number in 0..<center where places[number] == nil {
            if program.instructions[center...].contains(where: {
                $0.sources.contains(.register(number))
            }) {
                places[number] = .stretch(stretchCount)
                stretchCount += 1
            }
        }
    }

    private mutating func append(_ number: Int, folding center: Int?) {
        var step = program.instructions[number].step { place($0) }
        if let center {
            step = centralizedSum(number, of: program.instructions[center].sources[0], center)
        }
        release(before: number, center)
        step.y = home(of: number)
        steps.append(step)
    }

    /// α·a + β·(b − mean(b)) for a sum that reads centralization number `center`.
    private func centralizedSum(_ number: Int, of source: UpdateProgram.Source, _ center: Int)
        -> Step
    {
        guard case .sum(let one, let other) = program.instructions[number] else {
            preconditionFailure("only sums take centralization in")
        }
        let isFirst = one.source == .register(center)
        let (plain, scaled) = isFirst ? (other, one) : (one, other)
        return Step(
            kind: gcb_update_centralized, y: .block(0),
            sources: [place(plain.source), place(source)], alpha: plain.factor,
            beta: scaled.factor)
    }

    // MARK: - Places

    private func place(_ source: UpdateProgram.Source) -> Place {
        switch source {
        case .operand(let index): return .operand(index)
        case .register(let number): return places[number] ?? .block(0)
        }
    }

    private mutating func home(of number: Int) -> Place {
        if let place = places[number] { return place }
        guard let block = freeBlocks.popLast() else {
            preconditionFailure("an update needs more than \(GCB_UPDATE_BLOCKS) blocks")
        }
        places[number] = .block(block)
        return .block(block)
    }

    /// Gives back the blocks that instruction `number` is the last to read: its own result may
    /// take one of them.
    private mutating func release(before number: Int, _ center: Int?) {
        var read = program.instructions[number].sources
        if let center { read += program.instructions[center].sources }
        for source in Set(read) {
            guard case .register(let register) = source, case .block(let block)? = places[register],
                !program.instructions[(number + 1)...].contains(where: {
                    $0.sources.contains(source)
                })
            else { continue }
            places[register] = nil
            freeBlocks.append(block)
        }
    }
}

extension UpdateProgram {
    /// The number of the instruction that centralizes.
    fileprivate var centralization: Int? {
        instructions.firstIndex { if case .centralize = $0 { true } else { false } }
    }

    /// The sum that alone reads register `number`, once, if there is one and nobody outside does.
    fileprivate func soleSum(reading number: Int) -> Int? {
        let source = Source.register(number)
        let readers = instructions.indices.filter { instructions[$0].sources.contains(source) }
        guard !results.contains(number), readers.count == 1,
            case .sum(let a, let b) = instructions[readers[0]], a.source != b.source
        else { return nil }
        return readers[0]
    }
}

extension UpdateProgram.Instruction {
    /// The step that computes this instruction; where its result goes is decided later.
    fileprivate func step(_ place: (UpdateProgram.Source) -> LoweredUpdate.Place)
        -> LoweredUpdate.Step
    {
        typealias Step = LoweredUpdate.Step
        let sources = sources.map(place)
        return switch self {
        case .scaled(let a):
            Step(kind: gcb_update_scaled, y: .block(0), sources: sources, alpha: a.factor)
        case .sum(let a, let b):
            Step(
                kind: gcb_update_sum, y: .block(0), sources: sources, alpha: a.factor,
                beta: b.factor)
        case .product(let factor, _, _, let c):
            Step(
                kind: gcb_update_product, y: .block(0), sources: sources, alpha: factor,
                beta: c.factor)
        case .maximum: Step(kind: gcb_update_maximum, y: .block(0), sources: sources)
        case .ratio(let a, let root):
            Step(
                kind: gcb_update_ratio, y: .block(0), sources: sources, alpha: a.factor,
                beta: root.factor, inner: root.inner, outer: root.outer)
        case .centralize:
            Step(
                kind: gcb_update_centralized, y: .block(0), sources: sources + sources,
                alpha: UpdateProgram.Factor(0), beta: UpdateProgram.Factor(1))
        }
    }
}

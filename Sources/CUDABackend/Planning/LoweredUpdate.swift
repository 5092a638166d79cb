import CUDAKernels
import Graphs

/// An update program as the kernel runs it: few registers, each taken by what needs it next.
struct LoweredUpdate {
    private(set) var program = gcb_update_program()

    private let source: UpdateProgram
    /// The last instruction that reads a register; results are never free.
    private var lastReader: [Int: Int] = [:]
    private var places: [Int: Int32] = [:]
    private var free: [Int32] = (0..<Int32(GCB_UPDATE_REGISTERS)).reversed()

    /// nil where the kernel has not that many steps, registers or tensors.
    init?(_ source: UpdateProgram) {
        self.source = source
        guard source.instructions.count <= GCB_UPDATE_STEPS,
            source.tensorCount <= GCB_UPDATE_TENSORS,
            source.scalarCount <= GCB_UPDATE_SCALARS,
            source.results.count <= GCB_UPDATE_RESULTS
        else { return nil }
        for (number, instruction) in source.instructions.enumerated() {
            for case .register(let register) in instruction.sources {
                lastReader[register] = number
            }
        }
        for result in source.results { lastReader[result] = .max }
        program.center = -1
        var steps: [gcb_update_step] = []
        for number in source.instructions.indices {
            guard let step = step(number) else { return nil }
            if case .centralize = source.instructions[number] {
                program.center = Int32(number)
            }
            steps.append(step)
        }
        program.step_count = Int32(steps.count)
        program.result_count = Int32(source.results.count)
        fill(&program.steps, with: steps)
        fill(&program.results, with: source.results.map { places[$0] ?? 0 })
    }

    private mutating func step(_ number: Int) -> gcb_update_step? {
        let instruction = source.instructions[number]
        var step = gcb_update_step()
        let sources = instruction.sources.map(place)
        step.a = sources[0]
        step.b = sources.count > 1 ? sources[1] : sources[0]
        step.c = sources.count > 2 ? sources[2] : sources[0]
        (step.alpha_scalar, step.beta_scalar) = (-1, -1)
        describe(instruction, in: &step)
        release(before: number)
        guard let register = free.popLast() else { return nil }
        places[number] = register
        step.y = register
        return step
    }

    private func place(_ source: UpdateProgram.Source) -> Int32 {
        switch source {
        case .operand(let index): Int32(-1 - index)
        case .register(let number): places[number] ?? 0
        }
    }

    /// A step has read its sources when it writes its result.
    private mutating func release(before number: Int) {
        for (register, place) in places where lastReader[register, default: -1] <= number {
            free.append(place)
            places[register] = nil
        }
        free.sort(by: >)
    }

    // MARK: - Formulas

    private func describe(_ instruction: UpdateProgram.Instruction, in step: inout gcb_update_step)
    {
        switch instruction {
        case .scaled(let a):
            step.kind = Int32(GCB_UPDATE_SCALED)
            setAlpha(a.factor, in: &step)
        case .sum(let a, let b):
            step.kind = Int32(GCB_UPDATE_SUM)
            setAlpha(a.factor, in: &step)
            setBeta(b.factor, in: &step)
        case .product(let factor, _, _, let c):
            step.kind = Int32(GCB_UPDATE_PRODUCT)
            setAlpha(factor, in: &step)
            setBeta(c.factor, in: &step)
        case .maximum: step.kind = Int32(GCB_UPDATE_MAXIMUM)
        case .ratio(let a, let root):
            step.kind = Int32(GCB_UPDATE_RATIO)
            setAlpha(a.factor, in: &step)
            setBeta(root.factor, in: &step)
            (step.inner, step.outer) = (Float(root.inner), Float(root.outer))
        case .centralize: step.kind = Int32(GCB_UPDATE_CENTRALIZE)
        }
    }

    private func setAlpha(_ factor: UpdateProgram.Factor, in step: inout gcb_update_step) {
        step.alpha = Float(factor.constant)
        step.alpha_scalar = scalar(factor)
    }

    private func setBeta(_ factor: UpdateProgram.Factor, in step: inout gcb_update_step) {
        step.beta = Float(factor.constant)
        step.beta_scalar = scalar(factor)
    }

    /// Scalars are operands behind the tensors.
    private func scalar(_ factor: UpdateProgram.Factor) -> Int32 {
        factor.scalar.map { Int32($0 - source.tensorCount) } ?? -1
    }
}

/// Copies `values` to the start of a C array, which Swift sees as a tuple.
func fill<Tuple: BitwiseCopyable, Value: BitwiseCopyable>(
    _ tuple: inout Tuple, with values: [Value]
) {
    withUnsafeMutableBytes(of: &tuple) { target in
        values.withUnsafeBytes { source in
            precondition(source.count <= target.count, "a C array is too short")
            target.copyMemory(from: source)
        }
    }
}

import CKernels
import Graphs
import Tensors

extension Site {
    /// The whole program in one pass over memory.
    func update(_ program: UpdateProgram) -> Body {
        let lowered = LoweredUpdate(program)
        let places = places(of: lowered)
        let tables = UpdateTables(
            steps: lowered.steps.map { step in
                let sources = step.sources.map { places[$0] ?? 0 }
                return gcb_update_step(
                    kind: step.kind, y: places[step.y] ?? 0, a: sources[0],
                    b: sources.count > 1 ? sources[1] : sources[0],
                    c: sources.count > 2 ? sources[2] : sources[0], alpha: factor(step.alpha),
                    beta: factor(step.beta), inner: Float(step.inner), outer: Float(step.outer))
            },
            slots: places.sorted { $0.value < $1.value }.map { slot($0.key) })
        let update = gcb_update(
            steps: tables.steps.baseAddress, step_count: Int32(tables.steps.count),
            slots: tables.slots.baseAddress, slot_count: Int32(tables.slots.count),
            centralizes: lowered.centralized != nil, before: Int32(lowered.before),
            centralized: lowered.centralized.flatMap { places[$0] } ?? 0,
            slices: slices(along: program.centralizedAxis), threads: threadCount,
            workspace: workspace)
        let energies = lowered.centralized == nil ? nil : result(program.results.count)
        return {
            withExtendedLifetime(tables) {
                withUnsafePointer(to: update) { gcb_update_run($0, energies) }
            }
        }
    }

    /// The slot number of each place that the steps name.
    private func places(of lowered: LoweredUpdate) -> [LoweredUpdate.Place: Int32] {
        var places: [LoweredUpdate.Place: Int32] = [:]
        let named =
            lowered.steps.flatMap { $0.sources + [$0.y] }
            + (lowered.centralized.map { [$0] } ?? [])
        for place in named where places[place] == nil { places[place] = Int32(places.count) }
        precondition(places.count <= GCB_UPDATE_SLOTS && lowered.steps.count <= GCB_UPDATE_STEPS)
        return places
    }

    private func slot(_ place: LoweredUpdate.Place) -> gcb_slot {
        switch place {
        case .operand(let index):
            gcb_slot(
                kind: gcb_slot_memory, index: 0, memory: floats(instruction.operands[index]))
        case .result(let index): gcb_slot(kind: gcb_slot_memory, index: 0, memory: result(index))
        case .block(let index): gcb_slot(kind: gcb_slot_block, index: Int32(index), memory: nil)
        case .stretch(let index):
            gcb_slot(kind: gcb_slot_stretch, index: Int32(index), memory: nil)
        }
    }

    private func factor(_ factor: UpdateProgram.Factor) -> gcb_factor {
        gcb_factor(constant: Float(factor.constant), scalar: factor.scalar.map(operand))
    }

    /// Where the output slices of operand 0 lie; one stretch where outputs do not matter.
    func slices(along outputAxis: Int?) -> gcb_slices {
        let weight = instruction.operands[0]
        guard let outputAxis else {
            return gcb_slices(chunks: 1, chunk: count(of: weight), lanes: 1, run: 1)
        }
        guard
            let slices = gcb_slices(weight.spec.shape, weight.layout, outputAxis: outputAxis)
        else { preconditionFailure("\(weight.layout) was not planned for centralizing") }
        return slices
    }

    func stepCoefficient(_ rule: StepCoefficient) -> Body {
        let (step, value) = (operand(0), result(0))
        return { value[0] = Float(rule.value(atStep: Double(step[0]))) }
    }

    func squaredNorm() -> Body {
        let (u, value, threads) = (operand(0), result(0), threadCount)
        let count = count(of: instruction.operands[0])
        return { value[0] = gcb_squared_norm(u, count, threads) }
    }

    func clippingFactor(_ rule: ClippingFactor) -> Body {
        let (squaredNorm, value) = (operand(0), result(0))
        return { value[0] = Float(rule.value(squaredNorm: Double(squaredNorm[0]))) }
    }
}

/// The steps and slots that a kernel reads.
///
/// A class because the kernel's pointers must outlive the call that makes them.
private final class UpdateTables {
    let steps: UnsafeBufferPointer<gcb_update_step>
    let slots: UnsafeBufferPointer<gcb_slot>

    init(steps: [gcb_update_step], slots: [gcb_slot]) {
        self.steps = Self.copy(steps)
        self.slots = Self.copy(slots)
    }

    deinit {
        steps.deallocate()
        slots.deallocate()
    }

    private static func copy<Element>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
        let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
        _ = buffer.initialize(from: elements)
        return UnsafeBufferPointer(buffer)
    }
}

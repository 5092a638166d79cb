import CKernels
import Graphs
import Tensors

extension Site {
    func trace(_ rule: Trace) -> Body {
        let momentum = rule.momentum
        let (u, m, step) = (operand(0), operand(1), operand(2))
        let (direction, next, count, threads) = (result(0), result(1), count, threadCount)
        return {
            gcb_trace(
                Float(momentum.momentum), Float(momentum.dampening), momentum.isNesterov, u, m,
                step, direction, next, count, threads)
        }
    }

    func descend() -> Body {
        let (w, d, rate, y) = (operand(0), operand(1), operand(2), result(0))
        let (count, threads) = (count, threadCount)
        return { gcb_descend(w, d, rate, y, count, threads) }
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

    func centralize(_ rule: Centralize) -> Body {
        let slices = slices(along: rule.outputAxis)
        let (u, y, energies, threads) = (operand(0), result(0), result(1), threadCount)
        return { withUnsafePointer(to: slices) { gcb_centralize($0, threads, u, y, energies) } }
    }

    /// Runs in place; where the plan wants the new weight elsewhere, the old one is copied there
    /// first.
    func fusedUpdate(_ rule: FusedUpdate) -> Body {
        let update = gcb_update(
            weight_decay: Float(rule.weightDecay), momentum: Float(rule.momentum?.momentum ?? 0),
            dampening: Float(rule.momentum?.dampening ?? 0), has_momentum: rule.momentum != nil,
            is_nesterov: rule.momentum?.isNesterov ?? false,
            centralizes: rule.centralizedAxis != nil,
            slices: slices(along: rule.centralizedAxis), threads: threadCount)
        let (weight, gradient, rate) = (result(0), operand(1), operand(2))
        let (buffer, step) = rule.momentum == nil ? (nil, nil) : (result(1), operand(4))
        let energies =
            rule.centralizedAxis == nil ? nil : result(instruction.results.count - 1)
        let moves = rule.momentum == nil ? [move(0, to: 0)] : [move(0, to: 0), move(3, to: 1)]
        return {
            for move in moves { move() }
            withUnsafePointer(to: update) {
                gcb_update_run($0, weight, gradient, buffer, rate, step, energies)
            }
        }
    }
}

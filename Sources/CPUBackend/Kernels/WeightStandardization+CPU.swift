import CKernels
import Graphs
import Tensors

extension Site {
    func weightStandardization(_ rule: WeightStandardization) -> Body {
        let (filters, w, standardized) = (filters(rule.epsilon), operand(0), result(0))
        return { withUnsafePointer(to: filters) { gcb_standardize($0, w, standardized) } }
    }

    func weightStandardizationGradient(_ rule: WeightStandardizationGradient) -> Body {
        let (filters, gradient, w) = (filters(rule.epsilon), operand(0), operand(1))
        let dw = result(0)
        return { withUnsafePointer(to: filters) { gcb_standardize_gradient($0, gradient, w, dw) } }
    }

    private func filters(_ epsilon: Double) -> gcb_filters {
        let shape = instruction.results[0].spec.shape
        return gcb_filters(
            outputs: Int64(shape[0]), fan_in: Int64(shape.countPerSlice(along: 0)),
            epsilon: epsilon, threads: threadCount)
    }
}

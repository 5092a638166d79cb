import CKernels
import Graphs
import Tensors

extension Site {
    func normalization(_ rule: NormalizationForward) -> Body {
        let x = instruction.operands[0]
        let kernel = gcb_normalization(
            rule.statistics, rule.epsilon, rule.epilogue, x.spec, layout: x.layout,
            threads: threads)
        let residual = rule.epilogue.addsResidual ? self.data(3) : nil
        let (data, scale, shift) = (data(0), operand(1), operand(2))
        let (y, mean, variance, workspace) = (output(0), result(1), result(2), workspace)
        return {
            withUnsafePointer(to: kernel) {
                gcb_normalization_forward(
                    $0, data, scale, shift, residual, y, mean, variance, workspace)
            }
        }
    }

    func normalizationGradient(_ rule: NormalizationGradient) -> Body {
        let x = instruction.operands[1]
        let kernel = gcb_normalization(
            rule.statistics, rule.epsilon, rule.epilogue, x.spec, layout: x.layout,
            threads: threads)
        let (dy, data, scale, shift) = (data(0), data(1), operand(2), operand(3))
        let (mean, variance) = (operand(4), operand(5))
        let y = rule.epilogue.appliesRelu ? self.data(6) : nil
        let (dx, dscale, dshift, workspace) = (output(0), result(1), result(2), workspace)
        let dresidual = rule.epilogue.addsResidual ? output(3) : nil
        return {
            withUnsafePointer(to: kernel) {
                gcb_normalization_backward(
                    $0, dy, data, scale, shift, mean, variance, y, dx, dscale, dshift, dresidual,
                    workspace)
            }
        }
    }

    func normalizationInference(_ rule: NormalizationInference) -> Body {
        let x = instruction.operands[0]
        let kernel = gcb_normalization(
            .batch, rule.epsilon, rule.epilogue, x.spec, layout: x.layout,
            threads: threads)
        let residual = rule.epilogue.addsResidual ? self.data(5) : nil
        let (data, scale, shift) = (data(0), operand(1), operand(2))
        let (mean, variance, y) = (operand(3), operand(4), output(0))
        return {
            withUnsafePointer(to: kernel) {
                gcb_normalization_inference($0, data, scale, shift, mean, variance, residual, y)
            }
        }
    }
}

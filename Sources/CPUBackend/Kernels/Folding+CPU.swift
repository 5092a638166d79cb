import CKernels
import Graphs
import Tensors

extension Site {
    func foldNormalization(_ rule: FoldNormalization) -> Body {
        let weight = instruction.operands[0].spec.shape
        let kernel = gcb_folding(
            slices: slices(along: 0), outputs: Int64(weight[0]), epsilon: rule.epsilon,
            format: format, threads: threadCount)
        let (source, scale, shift) = (data(0), operand(1), operand(2))
        let (mean, variance) = (operand(3), operand(4))
        let bias = rule.hasBias ? operand(5) : nil
        let (folded, foldedBias) = (output(0), result(1))
        return {
            withUnsafePointer(to: kernel) {
                gcb_fold_normalization(
                    $0, source, scale, shift, mean, variance, bias, folded, foldedBias)
            }
        }
    }
}

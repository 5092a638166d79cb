import CKernels
import Graphs
import Tensors

extension Site {
    private var labels: UnsafePointer<Int64> {
        UnsafePointer(address(instruction.operands[1]).assumingMemoryBound(to: Int64.self))
    }

    private var extents: (rows: Int64, classes: Int64) {
        let shape = instruction.operands[0].spec.shape
        return (Int64(shape[0]), Int64(shape[1]))
    }

    func softmaxCrossEntropy(_ rule: SoftmaxCrossEntropy) -> Body {
        let (scores, labels, loss, gradient) = (operand(0), labels, result(0), result(1))
        let ((rows, classes), smoothing) = (extents, rule.labelSmoothing)
        return {
            gcb_softmax_cross_entropy(scores, labels, rows, classes, smoothing, loss, gradient)
        }
    }

    func sigmoidCrossEntropy(_ rule: SigmoidCrossEntropy) -> Body {
        let (logits, labels, loss, gradient) = (operand(0), labels, result(0), result(1))
        let (rows, smoothing) = (extents.rows, rule.labelSmoothing)
        return { gcb_sigmoid_cross_entropy(logits, labels, rows, smoothing, loss, gradient) }
    }

    func signCorrect() -> Body {
        let (logits, labels, correct, rows) = (operand(0), labels, result(0), extents.rows)
        return { gcb_sign_correct(logits, labels, rows, correct) }
    }

    func topKCorrect(_ rule: TopKCorrect) -> Body {
        let (scores, labels, correct) = (operand(0), labels, result(0))
        let ((rows, classes), k) = (extents, Int64(rule.k))
        return { gcb_top_k(scores, labels, rows, classes, k, correct) }
    }
}

import CKernels
import Graphs
import Tensors

extension Site {
    func relu() -> Body {
        let (x, y, count, threads) = (operand(0), result(0), count, threadCount)
        return { gcb_relu(x, y, count, threads) }
    }

    func reluGradient() -> Body {
        let (dy, y, dx) = (operand(0), operand(1), result(0))
        let (count, threads) = (count, threadCount)
        return { gcb_relu_gradient(dy, y, dx, count, threads) }
    }

    func add() -> Body { sum(1, 1) }

    func exponentialAverage(_ rule: ExponentialAverage) -> Body {
        sum(1 - rule.rate, rule.rate * rule.factor)
    }

    /// α·a + β·b.
    private func sum(_ alpha: Double, _ beta: Double) -> Body {
        let (a, b, y, count, threads) = (operand(0), operand(1), result(0), count, threadCount)
        let (alpha, beta) = (Float(alpha), Float(beta))
        return { gcb_add(alpha, a, beta, b, y, count, threads) }
    }

    func constant(_ rule: Constant) -> Body {
        let (value, y, count, threads) = (Float(rule.value), result(0), count, threadCount)
        return { gcb_fill(value, y, count, threads) }
    }
}

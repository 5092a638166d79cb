import CKernels
import Graphs
import Tensors

extension Site {
    func relu() -> Body {
        let (x, y, count, threads) = (data(0), output(0), count, threadCount)
        let format = format
        return { gcb_relu(format, x, y, count, threads) }
    }

    func reluGradient() -> Body {
        let (dy, y, dx) = (data(0), data(1), output(0))
        let (format, count, threads) = (format, count, threadCount)
        return { gcb_relu_gradient(format, dy, y, dx, count, threads) }
    }

    func add() -> Body { sum(1, 1) }

    func exponentialAverage(_ rule: ExponentialAverage) -> Body {
        sum(1 - rule.rate, rule.rate * rule.factor)
    }

    /// α·a + β·b.
    private func sum(_ alpha: Double, _ beta: Double) -> Body {
        let (a, b, y, count, threads) = (data(0), data(1), output(0), count, threadCount)
        let (format, alpha, beta) = (format, Float(alpha), Float(beta))
        return { gcb_add(format, alpha, a, beta, b, y, count, threads) }
    }

    func constant(_ rule: Constant) -> Body {
        let (value, y, count, threads) = (Float(rule.value), output(0), count, threadCount)
        let format = format
        return { gcb_fill(format, value, y, count, threads) }
    }
}

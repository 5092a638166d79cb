import Graphs
import Tensors

extension Site {
    func upperTriangle() -> Body {
        let shape = instruction.operands[0].spec.shape
        let (matrices, vectors, d) = (operand(0), result(0), shape[1])
        let loop = ImageLoop(shape[0], threads: threadCount) { n, _ in
            var target = vectors + n * (d * (d + 1) / 2)
            for a in 0..<d {
                target.update(from: matrices + (n * d + a) * d + a, count: d - a)
                target += d - a
            }
        }
        return { loop.run() }
    }

    func upperTriangleGradient() -> Body {
        let shape = instruction.results[0].spec.shape
        let (vectors, matrices, d) = (operand(0), result(0), shape[1])
        let loop = ImageLoop(shape[0], threads: threadCount) { n, _ in
            var source = vectors + n * (d * (d + 1) / 2)
            for a in 0..<d {
                let row = matrices + (n * d + a) * d
                row.update(repeating: 0, count: a)
                (row + a).update(from: source, count: d - a)
                source += d - a
            }
        }
        return { loop.run() }
    }
}

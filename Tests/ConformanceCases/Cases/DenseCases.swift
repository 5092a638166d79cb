import Graphs
import Tensors

extension ConformanceCase {
    static let denseLayers = matrixProducts + biases

    private static let matrixProducts = [
        (1, 1, 1), (2, 3, 17), (17, 16, 10), (8, 512, 1000), (128, 64, 10),
    ]
    .flatMap { m, k, n in
        [(false, false), (false, true), (true, false), (true, true)].map { left, right in
            matrixProduct(m: m, k: k, n: n, left: left, right: right)
        }
    }

    private static func matrixProduct(m: Int, k: Int, n: Int, left: Bool, right: Bool)
        -> ConformanceCase
    {
        let name = "matrix product \(m)×\(k)\(left ? "ᵀ" : "") · \(k)×\(n)\(right ? "ᵀ" : "")"
        return ConformanceCase(name, .sum) { writer throws(ShapeError) in
            let a = writer.master("a", left ? [k, m] : [m, k])
            let b = writer.master("b", right ? [n, k] : [k, n])
            let rule = MatrixProduct(transposesLeft: left, transposesRight: right)
            try writer.apply(.matrixProduct(rule), to: [a, b])
        }
    }

    private static let biases = ([[3, 10], [1, 1], [2, 17, 5, 7], [4, 48, 3, 3]] as [Shape])
        .flatMap { shape in
            [
                ConformanceCase("add bias \(shape)", .elementWise) { writer throws(ShapeError) in
                    let x = writer.activation("x", shape)
                    let b = writer.weight("b", [shape[1]], .bias)
                    try writer.apply(.addBias(AddBias()), to: [x, b])
                },
                ConformanceCase("bias gradient \(shape)", .sum) { writer throws(ShapeError) in
                    let dy = writer.activation("dy", shape)
                    try writer.apply(.biasGradient(BiasGradient()), to: [dy])
                },
            ]
        }
}

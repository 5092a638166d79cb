import Graphs
import Tensors

extension MatrixSquareRoot {
    /// The formulas of the rule, line by line.
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (sigma, root, iterates) = (site.operand(0), site.result(0), site.result(1))
        return {
            concurrently(sigma.shape[0]) { n in
                let s = SquareMatrix(sigma, n)
                let (t, three) = (s.trace, 3 * SquareMatrix.identity(s.d))
                var (y, z) = ((1 / t) * s, SquareMatrix.identity(s.d))
                if t == 0 { (y, z) = (0 * s, 0 * s) }
                for k in 0..<iterations - 1 {
                    let w = 0.5 * (three - z * y)
                    (y, z) = (y * w, w * z)
                    y.write(to: iterates, (n * (iterations - 1) + k) * 2)
                    z.write(to: iterates, (n * (iterations - 1) + k) * 2 + 1)
                }
                let p = (0.5 * t.squareRoot()) * (y * (three - z * y))
                p.write(to: root, n)
            }
        }
    }
}

extension MatrixSquareRootGradient {
    /// The formulas of the rule, line by line.
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (gradient, sigma, root) = (site.operand(0), site.operand(1), site.operand(2))
        let (iterates, result) = (site.operand(3), site.result(0))
        return {
            concurrently(sigma.shape[0]) { n in
                let (g, s, p) = (
                    SquareMatrix(gradient, n), SquareMatrix(sigma, n), SquareMatrix(root, n)
                )
                let iterate = { k in
                    SquareMatrix(iterates, n * 2 * (iterations - 1) + k)
                }
                gradientOfCovariance(g, s, p, iterate).write(to: result, n)
            }
        }
    }

    private func gradientOfCovariance(
        _ g: SquareMatrix, _ s: SquareMatrix, _ p: SquareMatrix, _ iterate: (Int) -> SquareMatrix
    ) -> SquareMatrix {
        let t = s.trace
        if t == 0 { return 0 * s }
        let (identity, a, u) = (SquareMatrix.identity(s.d), (1 / t) * s, t.squareRoot() * g)
        let three = 3 * identity
        var (y, z) = (iterate(2 * (iterations - 2)), iterate(2 * (iterations - 2) + 1))
        var dy = 0.5 * (u * (three - y * z) - z * y * u)
        var dz = -0.5 * (y * u * y)
        for k in (0..<iterations - 2).reversed() {
            (y, z) = (iterate(2 * k), iterate(2 * k + 1))
            (dy, dz) = (
                0.5 * (dy * (three - y * z) - z * dz * z - z * y * dy),
                0.5 * ((three - y * z) * dz - y * dy * y - dz * z * y)
            )
        }
        let da = 0.5 * (dy * (three - a) - dz - a * dy)
        return (1 / t) * da + (g.dot(p) / (2 * t) - da.dot(s) / (t * t)) * identity
    }
}

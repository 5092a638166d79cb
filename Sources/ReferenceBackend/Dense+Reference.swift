import Graphs
import Tensors

extension MatrixProduct {
    /// c[m, n] = Σ_k a[m, k] · b[k, n], either factor stored transposed or not
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (a, b, c) = (site.operand(0), site.operand(1), site.result(0))
        let (rows, columns) = (c.shape[0], c.shape[1])
        let inner = a.shape[transposesLeft ? 0 : 1]
        let (am, ak) = transposesLeft ? (1, rows) : (inner, 1)
        let (bk, bn) = transposesRight ? (1, inner) : (columns, 1)
        return {
            concurrently(rows) { m in
                for n in 0..<columns {
                    var sum = 0.0
                    for k in 0..<inner {
                        sum += a[m * am + k * ak].double * b[k * bk + n * bn].double
                    }
                    c[m * columns + n] = Scalar(sum)
                }
            }
        }
    }
}

extension AddBias {
    /// y[n, c, …] = x[n, c, …] + b[c]
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (x, bias, y) = (site.operand(0), site.operand(1), site.result(0))
        let planeCount = x.count / max(1, x.shape[0] * x.shape[1])
        return {
            for n in 0..<x.shape[0] {
                for c in 0..<x.shape[1] {
                    let (source, target) = (x.plane(n, c), y.plane(n, c))
                    for i in 0..<planeCount { target[i] = source[i] + bias[c] }
                }
            }
        }
    }
}

extension BiasGradient {
    /// db[c] = Σ_n Σ dy[n, c, …]
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (dy, db) = (site.operand(0), site.result(0))
        let planeCount = dy.count / max(1, dy.shape[0] * dy.shape[1])
        return {
            for c in 0..<dy.shape[1] {
                var sum = 0.0
                for n in 0..<dy.shape[0] {
                    let plane = dy.plane(n, c)
                    for i in 0..<planeCount { sum += plane[i].double }
                }
                db[c] = Scalar(sum)
            }
        }
    }
}

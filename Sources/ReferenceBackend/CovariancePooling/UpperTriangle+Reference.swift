import Graphs
import Tensors

extension UpperTriangle {
    /// v[n, place of (a, b)] = P[n, a, b] for a ≤ b, in reading order
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (matrices, vectors) = (site.operand(0), site.result(0))
        let d = matrices.shape[1]
        return {
            var place = 0
            for n in 0..<matrices.shape[0] {
                for a in 0..<d {
                    for b in a..<d {
                        vectors[place] = matrices[(n * d + a) * d + b]
                        place += 1
                    }
                }
            }
        }
    }
}

extension UpperTriangleGradient {
    /// dP[n, a, b] = dv[n, place of (a, b)] for a ≤ b, else 0
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (vectors, matrices) = (site.operand(0), site.result(0))
        let d = dimension
        return {
            var place = 0
            for n in 0..<matrices.shape[0] {
                for a in 0..<d {
                    for b in 0..<d {
                        matrices[(n * d + a) * d + b] = a <= b ? vectors[place] : 0
                        if a <= b { place += 1 }
                    }
                }
            }
        }
    }
}

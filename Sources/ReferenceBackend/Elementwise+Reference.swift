import Graphs
import Tensors

extension Relu {
    /// y = max(x, 0); a NaN stays one
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (x, y) = (site.operand(0), site.result(0))
        return {
            for i in 0..<x.count { y[i] = x[i] < 0 ? 0 : x[i] }
        }
    }
}

extension ReluGradient {
    /// dx = dy where y > 0, else 0
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (dy, y, dx) = (site.operand(0), site.operand(1), site.result(0))
        return {
            for i in 0..<dx.count { dx[i] = y[i] > 0 ? dy[i] : 0 }
        }
    }
}

extension Add {
    /// y = a + b
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (a, b, y) = (site.operand(0), site.operand(1), site.result(0))
        return {
            for i in 0..<y.count { y[i] = a[i] + b[i] }
        }
    }
}

extension Constant {
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (y, number) = (site.result(0), Scalar(value))
        return { y.start.update(repeating: number, count: y.count) }
    }
}

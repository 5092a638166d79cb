import Graphs
import Tensors

extension Dropout {
    /// y = x/(1 − p) where the element is kept, else 0
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (x, y) = (site.operand(0), site.result(0))
        let key: View<Int64> = site.view(site.instruction.operands[1])
        let scale = Scalar(self.scale)
        return {
            let words = words(key: key[0])
            for i in 0..<y.count { y[i] = keeps(UInt32(i), of: words) ? scale * x[i] : 0 }
        }
    }
}

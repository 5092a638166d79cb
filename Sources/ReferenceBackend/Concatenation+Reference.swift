import Graphs
import Tensors

extension Concatenation {
    /// y[n, first(k) + c, …] = xₖ[n, c, …]: of each image, one operand after the other
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let parts = site.instruction.operands.indices.map { site.operand($0) }
        let (y, batch) = (site.result(0), site.result(0).shape[0])
        return {
            var target = y.start
            for n in 0..<batch {
                for part in parts {
                    let count = part.count / batch
                    target.update(from: part.start + n * count, count: count)
                    target += count
                }
            }
        }
    }
}

extension ConcatenationGradient {
    /// dx[n, c, …] = dy[n, first + c, …] [+ a]
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (dy, dx) = (site.operand(0), site.result(0))
        let other = addsOther ? site.operand(1) : nil
        let (batch, perImage) = (dx.shape[0], dx.shape.countPerSlice(along: 0))
        let start = first * perImage / count
        return {
            for n in 0..<batch {
                let source = dy.start + n * (dy.count / batch) + start
                for i in 0..<perImage {
                    dx[n * perImage + i] = source[i] + (other?[n * perImage + i] ?? 0)
                }
            }
        }
    }
}

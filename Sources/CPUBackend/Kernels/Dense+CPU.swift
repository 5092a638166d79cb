import CKernels
import COpenBLAS
import Graphs
import Tensors

/// C = op(A) · op(B), all row-major, as CBLAS is told of it.
private struct MatrixJob {
    let left: UnsafePointer<Float>
    let right: UnsafePointer<Float>
    let result: UnsafeMutablePointer<Float>
    let transposesLeft: Bool
    let transposesRight: Bool
    let rows: Int
    let columns: Int
    let inner: Int

    /// One thread's share: some rows of C, or some columns where there are more of those.
    func run(part: Int, of parts: Int) {
        let splitsRows = rows >= columns
        let extent = splitsRows ? rows : columns
        let (first, last) = (extent * part / parts, extent * (part + 1) / parts)
        guard last > first else { return }
        let leftStride = transposesLeft ? rows : inner
        let rightStride = transposesRight ? inner : columns
        let row = splitsRows ? first : 0
        let column = splitsRows ? 0 : first
        cblas_sgemm(
            CblasRowMajor, transposesLeft ? CblasTrans : CblasNoTrans,
            transposesRight ? CblasTrans : CblasNoTrans, Int32(splitsRows ? last - first : rows),
            Int32(splitsRows ? columns : last - first), Int32(inner), 1,
            left + row * (transposesLeft ? 1 : leftStride), Int32(leftStride),
            right + column * (transposesRight ? rightStride : 1), Int32(rightStride), 0,
            result + row * columns + column, Int32(columns))
    }
}

extension Site {
    func matrixProduct(_ rule: MatrixProduct) -> Body {
        let left = instruction.operands[0].spec.shape
        let shape = instruction.results[0].spec.shape
        let job = MatrixJob(
            left: operand(0), right: operand(1), result: result(0),
            transposesLeft: rule.transposesLeft, transposesRight: rule.transposesRight,
            rows: shape[0], columns: shape[1], inner: rule.transposesLeft ? left[0] : left[1])
        let parts = threadCount
        return {
            withUnsafePointer(to: job) { job in
                gcb_parallel(
                    parts,
                    { context, part, parts in
                        context?.assumingMemoryBound(to: MatrixJob.self).pointee
                            .run(part: Int(part), of: Int(parts))
                    }, UnsafeMutableRawPointer(mutating: job))
            }
        }
    }

    /// The description of operand 0 that the channel loops want.
    var activation: gcb_activation { form(of: instruction.operands[0]) }

    /// The description of a region that was planned for them.
    func form(of region: Region) -> gcb_activation {
        guard let form = gcb_activation(region.spec, region.layout) else {
            preconditionFailure("\(region.layout) was not planned for \(instruction.operation)")
        }
        return form
    }

    func addBias() -> Body {
        let (shape, x, bias, y) = (activation, data(0), operand(1), output(0))
        let threads = threadCount
        return { withUnsafePointer(to: shape) { gcb_add_bias($0, x, bias, y, threads) } }
    }

    func biasGradient() -> Body {
        let (shape, dy, db, threads) = (activation, data(0), result(0), threadCount)
        return { withUnsafePointer(to: shape) { gcb_bias_gradient($0, dy, db, threads) } }
    }
}

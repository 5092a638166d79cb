import Graphs
import Tensors

/// One image's matrices of ``MatrixSquareRoot``; products in single precision, sums in double.
private struct SquareRootJob {
    let d: Int
    /// T
    let iterations: Int
    let sigma: UnsafePointer<Float>
    let root: UnsafeMutablePointer<Float>
    let iterates: UnsafeMutablePointer<Float>

    /// Matrices of scratch that the forward pass needs.
    static let forwardScratch = 2
    static let backwardScratch = 7

    func covariance(_ n: Int) -> SmallMatrix {
        SmallMatrix(d, UnsafeMutablePointer(mutating: sigma), n)
    }

    /// Y_k and Z_k, k from 1.
    func iterate(_ k: Int, of n: Int) -> (y: SmallMatrix, z: SmallMatrix) {
        let first = 2 * (n * (iterations - 1) + k - 1)
        return (SmallMatrix(d, iterates, first), SmallMatrix(d, iterates, first + 1))
    }

    /// ½(3I − Z·Y)
    private func step(_ y: SmallMatrix, _ z: SmallMatrix, into w: SmallMatrix) {
        w.become(-0.5, z, y)
        w.addToDiagonal(1.5)
    }

    func forward(_ n: Int, _ scratch: UnsafeMutablePointer<Float>) {
        let (s, p) = (covariance(n), SmallMatrix(d, root, n))
        let t = s.trace
        guard t != 0 else {
            p.clear()
            for k in 1..<iterations {
                iterate(k, of: n).y.clear()
                iterate(k, of: n).z.clear()
            }
            return
        }
        let (a, w) = (SmallMatrix(d, scratch, 0), SmallMatrix(d, scratch, 1))
        a.become(Float(1 / t), s)
        var (y, z) = iterate(1, of: n)
        z.become(-0.5, a)
        z.addToDiagonal(1.5)
        y.become(1, a, z)
        for k in 2..<max(2, iterations) {
            let next = iterate(k, of: n)
            step(y, z, into: w)
            next.y.become(1, y, w)
            next.z.become(1, w, z)
            (y, z) = next
        }
        step(y, z, into: w)
        p.become(Float(t.squareRoot()), y, w)
    }

    func backward(
        _ n: Int, _ dP: SmallMatrix, into result: SmallMatrix,
        _ scratch: UnsafeMutablePointer<Float>
    ) {
        let (s, p) = (covariance(n), SmallMatrix(d, root, n))
        let t = s.trace
        guard t != 0 else { return result.clear() }
        let (a, one, other) = (
            SmallMatrix(d, scratch, 0), SmallMatrix(d, scratch, 1), SmallMatrix(d, scratch, 2)
        )
        var (dy, dz) = (SmallMatrix(d, scratch, 3), SmallMatrix(d, scratch, 4))
        var (nextY, nextZ) = (SmallMatrix(d, scratch, 5), SmallMatrix(d, scratch, 6))
        start(n, dP, Float(t.squareRoot()), one, other, dy, dz)
        for k in stride(from: iterations - 2, to: 0, by: -1) {
            let (y, z) = iterate(k, of: n)
            descend(y, z, dy, dz, one, other, nextY, nextZ)
            swap(&dy, &nextY)
            swap(&dz, &nextZ)
        }
        // dA = ½(dY(3I − A) − dZ − A·dY)
        a.become(Float(1 / t), s)
        let dA = nextY
        for i in 0..<dA.count { dA.start[i] = 1.5 * dy.start[i] - 0.5 * dz.start[i] }
        dA.become(-0.5, dy, a, plus: 1)
        dA.become(-0.5, a, dy, plus: 1)
        result.become(Float(1 / t), dA)
        result.addToDiagonal(Float(dP.dot(p) / (2 * t) - dA.dot(s) / (t * t)))
    }

    /// With U = √t·dP: dY = ½(3U − U·Y·Z − Z·Y·U), dZ = −½·Y·U·Y at k = T − 1.
    private func start(
        _ n: Int, _ dP: SmallMatrix, _ rootOfTrace: Float, _ one: SmallMatrix,
        _ other: SmallMatrix, _ dy: SmallMatrix, _ dz: SmallMatrix
    ) {
        let (y, z) = iterate(iterations - 1, of: n)
        one.become(rootOfTrace, dP, y)
        other.become(rootOfTrace, y, dP)
        dy.become(1.5 * rootOfTrace, dP)
        dy.become(-0.5, one, z, plus: 1)
        dy.become(-0.5, z, other, plus: 1)
        dz.become(-0.5, other, y)
    }

    /// With M = dZ·Z + Y·dY: dY ← ½(3dY − dY·Y·Z − Z·M), dZ ← ½(3dZ − Y·Z·dZ − M·Y).
    private func descend(
        _ y: SmallMatrix, _ z: SmallMatrix, _ dy: SmallMatrix, _ dz: SmallMatrix,
        _ one: SmallMatrix, _ other: SmallMatrix, _ nextY: SmallMatrix, _ nextZ: SmallMatrix
    ) {
        other.become(1, dz, z)
        other.become(1, y, dy, plus: 1)
        nextY.become(1.5, dy)
        one.become(1, dy, y)
        nextY.become(-0.5, one, z, plus: 1)
        nextY.become(-0.5, z, other, plus: 1)
        nextZ.become(1.5, dz)
        one.become(1, z, dz)
        nextZ.become(-0.5, y, one, plus: 1)
        nextZ.become(-0.5, other, y, plus: 1)
    }
}

extension Site {
    /// Bytes of scratch per part for matrices of d×d.
    static func squareRootScratch(_ d: Int, isBackward: Bool) -> Int {
        (isBackward ? SquareRootJob.backwardScratch : SquareRootJob.forwardScratch) * d * d
            * MemoryLayout<Float>.stride
    }

    func matrixSquareRoot(_ rule: MatrixSquareRoot) -> Body {
        let shape = instruction.operands[0].spec.shape
        let job = SquareRootJob(
            d: shape[1], iterations: rule.iterations, sigma: operand(0), root: result(0),
            iterates: result(1))
        let scratch = scratch(SquareRootJob.forwardScratch * shape[1] * shape[1])
        let loop = ImageLoop(shape[0], threads: threadCount) { n, part in
            job.forward(n, scratch(part))
        }
        return { loop.run() }
    }

    func matrixSquareRootGradient(_ rule: MatrixSquareRootGradient) -> Body {
        let shape = instruction.operands[0].spec.shape
        let d = shape[1]
        let job = SquareRootJob(
            d: d, iterations: rule.iterations, sigma: operand(1),
            root: UnsafeMutablePointer(mutating: operand(2)),
            iterates: UnsafeMutablePointer(mutating: operand(3)))
        let (gradient, dSigma) = (UnsafeMutablePointer(mutating: operand(0)), result(0))
        let scratch = scratch(SquareRootJob.backwardScratch * d * d)
        let loop = ImageLoop(shape[0], threads: threadCount) { n, part in
            job.backward(
                n, SmallMatrix(d, gradient, n), into: SmallMatrix(d, dSigma, n), scratch(part))
        }
        return { loop.run() }
    }
}

import Graphs
import Tensors

extension AddScaled {
    /// y = a + factor·b
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (a, b, y, factor) = (site.operand(0), site.operand(1), site.result(0), Scalar(factor))
        return {
            for i in 0..<y.count { y[i] = a[i] + factor * b[i] }
        }
    }
}

extension Centralize {
    /// u − ū for each output slice; energies: Σ M·ū² (M the fan-in) and Σ u²
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (u, centralized, energies) = (site.operand(0), site.result(0), site.result(1))
        let slices = OutputSlices(of: u.shape, axis: outputAxis)
        return {
            var energy = Energy()
            for o in 0..<slices.count {
                let mean = energy.add(slices, o) { u[$0] }
                slices.forEach(of: o) { centralized[$0] = u[$0] - mean }
            }
            (energies[0], energies[1]) = (Scalar(energy.removed), Scalar(energy.whole))
        }
    }
}

extension Trace {
    /// m' = u at step 0, else μ·m + (1 − dampening)·u; the direction is m', or u + μ·m' (Nesterov)
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (u, m, step) = (site.operand(0), site.operand(1), site.operand(2))
        let (direction, newMomentum) = (site.result(0), site.result(1))
        return {
            let isFirst = step[0] == 0
            for i in 0..<u.count {
                (direction[i], newMomentum[i]) = momentum.advance(m[i], by: u[i], isFirst: isFirst)
            }
        }
    }
}

extension Descend {
    /// w' = w − η·d
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (w, d, rate, new) = (site.operand(0), site.operand(1), site.operand(2), site.result(0))
        return {
            for i in 0..<w.count { new[i] = w[i] - rate[0] * d[i] }
        }
    }
}

extension FusedUpdate {
    /// u = g + λ·w; u ← u − ū; m' and d as in ``Trace``; w' = w − η·d
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (w, g, rate) = (site.operand(0), site.operand(1), site.operand(2))
        let newWeight = site.result(0)
        let buffers = momentum.map {
            ($0, m: site.operand(3), step: site.operand(4), site.result(1))
        }
        let energies =
            centralizedAxis == nil ? nil : site.result(momentum == nil ? 1 : 2)
        let slices = OutputSlices(of: w.shape, axis: centralizedAxis ?? 0)
        let decay = Scalar(weightDecay)
        return {
            var energy = Energy()
            for o in 0..<slices.count {
                let mean = energies == nil ? 0 : energy.add(slices, o) { g[$0] + decay * w[$0] }
                slices.forEach(of: o) { i in
                    var direction = g[i] + decay * w[i] - mean
                    if let (momentum, m, step, newMomentum) = buffers {
                        (direction, newMomentum[i]) = momentum.advance(
                            m[i], by: direction, isFirst: step[0] == 0)
                    }
                    newWeight[i] = w[i] - rate[0] * direction
                }
            }
            if let energies {
                (energies[0], energies[1]) = (Scalar(energy.removed), Scalar(energy.whole))
            }
        }
    }
}

extension Momentum {
    @inline(__always)
    fileprivate func advance<Scalar: ReferenceScalar>(_ m: Scalar, by u: Scalar, isFirst: Bool)
        -> (direction: Scalar, m: Scalar)
    {
        let new = isFirst ? u : Scalar(momentum) * m + Scalar(1 - dampening) * u
        return (isNesterov ? u + Scalar(momentum) * new : new, new)
    }
}

/// What centralization removes, Σ M·ū², of the whole, Σ u².
private struct Energy {
    var removed = 0.0
    var whole = 0.0

    /// Counts slice o in and returns its mean.
    mutating func add<Scalar: ReferenceScalar>(
        _ slices: OutputSlices, _ o: Int, _ u: (Int) -> Scalar
    ) -> Scalar {
        var (sum, squares) = (0.0, 0.0)
        slices.forEach(of: o) { i in
            sum += u(i).double
            squares += u(i).double * u(i).double
        }
        let mean = sum / Double(slices.fanIn)
        removed += sum * mean
        whole += squares
        return Scalar(mean)
    }
}

/// The elements of a weight by the output they belong to.
private struct OutputSlices {
    let count: Int
    let fanIn: Int
    /// The elements of one index of the axis that lie together.
    private let run: Int

    init(of shape: Shape, axis: Int) {
        count = shape.rank == 0 ? 1 : shape[axis]
        fanIn = shape.count / max(1, count)
        run = shape.dimensions.dropFirst(axis + 1).reduce(1, *)
    }

    @inline(__always)
    func forEach(of o: Int, _ body: (Int) -> Void) {
        for outer in stride(from: 0, to: fanIn, by: run) {
            let first = outer * count + o * run
            for i in first..<first + run { body(i) }
        }
    }
}

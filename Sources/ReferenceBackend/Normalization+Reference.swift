import Graphs
import Tensors

extension NormalizationForward {
    /// μ = Σx/m, σ² = Σ(x − μ)²/m over each set of planes, then y = act(γ·(x − μ)/√(σ² + ε) + β [+ r])
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (x, scale, shift) = (site.operand(0), site.operand(1), site.operand(2))
        let residual = epilogue.addsResidual ? site.operand(3) : nil
        let (y, mean, variance) = (site.result(0), site.result(1), site.result(2))
        let sets = PlaneSets(statistics, of: x.shape)
        let pass = NormalizationPass(
            x: x, residual: residual, y: y, appliesRelu: epilogue.appliesRelu)
        let epsilon = Scalar(self.epsilon)
        return {
            concurrently(sets.count) { set in
                (mean[set], variance[set]) = sets.moments(of: x, in: set)
                let reciprocal = 1 / (variance[set] + epsilon).squareRoot()
                for plane in sets.planes(of: set) {
                    pass.run(
                        plane, count: sets.planeCount, mean: mean[set], reciprocal: reciprocal,
                        scale: scale[plane.channel], shift: shift[plane.channel])
                }
            }
        }
    }
}

extension NormalizationInference {
    /// y = act(γ·(x − μ)/√(σ² + ε) + β [+ r]) with given μ and σ² per channel
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (x, scale, shift) = (site.operand(0), site.operand(1), site.operand(2))
        let (mean, variance) = (site.operand(3), site.operand(4))
        let residual = epilogue.addsResidual ? site.operand(5) : nil
        let sets = PlaneSets(.batch, of: x.shape)
        let pass = NormalizationPass(
            x: x, residual: residual, y: site.result(0), appliesRelu: epilogue.appliesRelu)
        let epsilon = Scalar(self.epsilon)
        return {
            concurrently(sets.count) { c in
                let reciprocal = 1 / (variance[c] + epsilon).squareRoot()
                for plane in sets.planes(of: c) {
                    pass.run(
                        plane, count: sets.planeCount, mean: mean[c], reciprocal: reciprocal,
                        scale: scale[c], shift: shift[c])
                }
            }
        }
    }
}

extension FoldNormalization {
    /// w'[o, …] = s[o]·w[o, …], b' = (b − μ)·s + β, s = γ/√(σ² + ε)
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (weight, scale, shift) = (site.operand(0), site.operand(1), site.operand(2))
        let (mean, variance) = (site.operand(3), site.operand(4))
        let bias = hasBias ? site.operand(5) : nil
        let (newWeight, newBias) = (site.result(0), site.result(1))
        let epsilon = Scalar(self.epsilon)
        let fanIn = weight.shape.countPerSlice(along: 0)
        return {
            for o in 0..<newBias.count {
                let factor = scale[o] / (variance[o] + epsilon).squareRoot()
                newBias[o] = ((bias?[o] ?? 0) - mean[o]) * factor + shift[o]
                for i in o * fanIn..<(o + 1) * fanIn { newWeight[i] = factor * weight[i] }
            }
        }
    }
}

extension ExponentialAverage {
    /// r' = (1 − rate)·r + rate·factor·s
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (running, new, result) = (site.operand(0), site.operand(1), site.result(0))
        let (rate, factor) = (Scalar(self.rate), Scalar(self.factor))
        return {
            for i in 0..<result.count {
                result[i] = (1 - rate) * running[i] + rate * (factor * new[i])
            }
        }
    }
}

/// The planes (n, c) that share one mean and variance.
struct PlaneSets {
    struct Plane {
        /// n·C + c.
        let number: Int
        let channel: Int
    }

    let scope: StatisticsScope
    let batch: Int
    let channels: Int
    /// H·W.
    let planeCount: Int

    init(_ scope: StatisticsScope, of x: Shape) {
        self.scope = scope
        (batch, channels) = (x[0], x[1])
        planeCount = x[2] * x[3]
    }

    /// How many sets there are, numbered as the statistics are stored.
    var count: Int {
        switch scope {
        case .batch: channels
        case .group(let groups): batch * groups
        }
    }

    func planes(of set: Int) -> [Plane] {
        switch scope {
        case .batch:
            return (0..<batch).map { Plane(number: $0 * channels + set, channel: set) }
        case .group(let groups):
            let size = channels / groups
            let first = set % groups * size
            return (first..<first + size).map {
                Plane(number: set / groups * channels + $0, channel: $0)
            }
        }
    }

    /// The mean and the biased variance, in two passes.
    func moments<Scalar: ReferenceScalar>(of x: View<Scalar>, in set: Int) -> (Scalar, Scalar) {
        let planes = planes(of: set)
        let m = Double(planes.count * planeCount)
        let mean = sum(over: planes) { x[$0].double } / m
        let variance = sum(over: planes) { (x[$0].double - mean) * (x[$0].double - mean) } / m
        return (Scalar(mean), Scalar(variance))
    }

    /// Σ term(i) over the elements of `planes`, plane by plane.
    @inline(__always)
    private func sum(over planes: [Plane], _ term: (Int) -> Double) -> Double {
        planes.reduce(0) { total, plane in
            var sum = 0.0
            let first = plane.number * planeCount
            for i in first..<first + planeCount { sum += term(i) }
            return total + sum
        }
    }
}

/// y = act(γ·(x − μ)·r + β [+ residual]) over one plane.
private struct NormalizationPass<Scalar: ReferenceScalar> {
    let x: View<Scalar>
    let residual: View<Scalar>?
    let y: View<Scalar>
    let appliesRelu: Bool

    func run(
        _ plane: PlaneSets.Plane, count: Int, mean: Scalar, reciprocal: Scalar, scale: Scalar,
        shift: Scalar
    ) {
        let first = plane.number * count
        for i in first..<first + count {
            var sum = scale * ((x[i] - mean) * reciprocal) + shift
            if let residual { sum += residual[i] }
            y[i] = appliesRelu && sum < 0 ? 0 : sum
        }
    }
}

import Graphs
import Tensors

extension NormalizationGradient {
    /// With x̂ = (x − μ)·r, r = 1/√(σ² + ε), and dy counting only where y > 0 under a ReLU:
    ///
    ///     dβ[c] = Σ dy        dγ[c] = Σ dy·x̂        dr = dy
    ///     dx = r·(γ·dy − a/m − x̂·b/m),  a = Σ_set γ·dy,  b = Σ_set γ·dy·x̂
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let pass = NormalizationGradientPass(self, site)
        let (scaleGradient, shiftGradient) = (site.result(1), site.result(2))
        let (sets, scale) = (pass.sets, site.operand(2))
        return {
            var sums = [NormalizationGradientPass<Scalar>.Sums](
                repeating: .init(), count: sets.batch * sets.channels)
            sums.withUnsafeMutableBufferPointer { sums in
                concurrently(sets.count) { set in
                    let planes = sets.planes(of: set)
                    var total = NormalizationGradientPass<Scalar>.Sums()
                    for plane in planes {
                        let sum = pass.sums(over: plane, in: set)
                        sums[plane.number] = sum
                        total.dy += scale[plane.channel].double * sum.dy
                        total.dyx += scale[plane.channel].double * sum.dyx
                    }
                    let m = Double(planes.count * sets.planeCount)
                    let (a, b) = (Scalar(total.dy / m), Scalar(total.dyx / m))
                    for plane in planes {
                        pass.write(plane, in: set, scale: scale[plane.channel], a: a, b: b)
                    }
                }
                for c in 0..<sets.channels {
                    let ofChannel = stride(from: c, to: sums.count, by: sets.channels)
                    shiftGradient[c] = Scalar(ofChannel.reduce(0) { $0 + sums[$1].dy })
                    scaleGradient[c] = Scalar(ofChannel.reduce(0) { $0 + sums[$1].dyx })
                }
            }
        }
    }
}

/// The two passes over each plane.
private struct NormalizationGradientPass<Scalar: ReferenceScalar> {
    /// Σ dy and Σ dy·x̂.
    struct Sums {
        var dy = 0.0
        var dyx = 0.0
    }

    let sets: PlaneSets
    private let dy, x, mean, variance, dx: View<Scalar>
    /// The result of the forward pass, where a ReLU followed it.
    private let y: View<Scalar>?
    private let residualGradient: View<Scalar>?
    private let epsilon: Scalar

    init(_ rule: NormalizationGradient, _ site: Site<Scalar>) {
        (dy, x) = (site.operand(0), site.operand(1))
        (mean, variance) = (site.operand(4), site.operand(5))
        y = rule.epilogue.appliesRelu ? site.operand(6) : nil
        dx = site.result(0)
        residualGradient = rule.epilogue.addsResidual ? site.result(3) : nil
        sets = PlaneSets(rule.statistics, of: x.shape)
        epsilon = Scalar(rule.epsilon)
    }

    func sums(over plane: PlaneSets.Plane, in set: Int) -> Sums {
        let (mean, reciprocal) = statistics(of: set)
        var sums = Sums()
        for i in elements(of: plane) {
            let dy = counting(i)
            sums.dy += dy.double
            sums.dyx += (dy * ((x[i] - mean) * reciprocal)).double
        }
        return sums
    }

    func write(_ plane: PlaneSets.Plane, in set: Int, scale: Scalar, a: Scalar, b: Scalar) {
        let (mean, reciprocal) = statistics(of: set)
        for i in elements(of: plane) {
            let dy = counting(i)
            dx[i] = reciprocal * (scale * dy - a - (x[i] - mean) * reciprocal * b)
            if let residualGradient { residualGradient[i] = dy }
        }
    }

    private func elements(of plane: PlaneSets.Plane) -> Range<Int> {
        let first = plane.number * sets.planeCount
        return first..<first + sets.planeCount
    }

    private func statistics(of set: Int) -> (mean: Scalar, reciprocal: Scalar) {
        (mean[set], 1 / (variance[set] + epsilon).squareRoot())
    }

    private func counting(_ i: Int) -> Scalar {
        guard let y else { return dy[i] }
        return y[i] > 0 ? dy[i] : 0
    }
}

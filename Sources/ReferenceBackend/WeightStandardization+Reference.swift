import Graphs
import Tensors

extension WeightStandardization {
    /// ŵ[o] = (w[o] − μ[o])/(σ[o] + ε)
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (w, standardized) = (site.operand(0), site.result(0))
        let filters = Filters(of: w)
        return {
            for o in 0..<filters.count {
                let (mean, deviation) = filters.moments(o)
                let reciprocal = 1 / (deviation + epsilon)
                for i in filters.weights(of: o) {
                    standardized[i] = Scalar((w[i].double - mean) * reciprocal)
                }
            }
        }
    }
}

extension WeightStandardizationGradient {
    /// dw = (dŵ − mean(dŵ))/d − c · Σ(dŵ·c)/((m − 1)·σ·d²), c = w − μ, d = σ + ε
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (gradient, w, dw) = (site.operand(0), site.operand(1), site.result(0))
        let filters = Filters(of: w)
        return {
            for o in 0..<filters.count {
                let weights = filters.weights(of: o)
                let (mean, deviation) = filters.moments(o)
                let sum = weights.reduce(0) { $0 + gradient[$1].double }
                let product = weights.reduce(0) {
                    $0 + gradient[$1].double * (w[$1].double - mean)
                }
                let (m, d) = (Double(weights.count), deviation + epsilon)
                let slope = deviation == 0 ? 0 : product / ((m - 1) * deviation * d * d)
                for i in weights {
                    dw[i] = Scalar(
                        (gradient[i].double - sum / m) / d - (w[i].double - mean) * slope)
                }
            }
        }
    }
}

/// The slices of a weight along its first axis.
private struct Filters<Scalar: ReferenceScalar> {
    private let w: View<Scalar>
    private let fanIn: Int

    init(of w: View<Scalar>) {
        self.w = w
        fanIn = w.shape.countPerSlice(along: 0)
    }

    var count: Int { w.shape[0] }

    func weights(of o: Int) -> Range<Int> { o * fanIn..<(o + 1) * fanIn }

    /// The mean and the unbiased deviation, in two passes.
    func moments(_ o: Int) -> (mean: Double, deviation: Double) {
        let mean = weights(of: o).reduce(0) { $0 + w[$1].double } / Double(fanIn)
        let squares = weights(of: o).reduce(0) {
            $0 + (w[$1].double - mean) * (w[$1].double - mean)
        }
        return (mean, (squares / Double(fanIn - 1)).squareRoot())
    }
}

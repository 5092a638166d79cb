import Graphs
import Tensors

extension Covariance {
    /// Σ[n, a, b] = (1/M)·Σ_i x̄[n, a, i]·x̄[n, b, i]
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (x, sigma) = (site.operand(0), site.result(0))
        let d = x.shape[1]
        return {
            concurrently(x.shape[0]) { n in
                let image = CentredImage(x, n)
                for a in 0..<d {
                    for b in 0..<d {
                        var sum = 0.0
                        for i in 0..<image.positions { sum += image[a, i] * image[b, i] }
                        sigma[(n * d + a) * d + b] = Scalar(sum / Double(image.positions))
                    }
                }
            }
        }
    }
}

extension CovarianceGradient {
    /// dx[n, a, i] = (1/M)·Σ_b (G[a, b] + G[b, a])·x̄[n, b, i]
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (gradient, x, dx) = (site.operand(0), site.operand(1), site.result(0))
        let d = x.shape[1]
        return {
            concurrently(x.shape[0]) { n in
                let image = CentredImage(x, n)
                let g = SquareMatrix(gradient, n)
                for a in 0..<d {
                    let plane = dx.plane(n, a)
                    for i in 0..<image.positions {
                        var sum = 0.0
                        for b in 0..<d { sum += (g[a, b] + g[b, a]) * image[b, i] }
                        plane[i] = Scalar(sum / Double(image.positions))
                    }
                }
            }
        }
    }
}

extension DropProbability {
    /// c[a] = Σ_b Σ[a, b], cos = ⟨ω, c⟩/(‖ω‖·‖c‖)
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (x, omega, p) = (site.operand(0), site.operand(1), site.result(0))
        let d = x.shape[1]
        return {
            var cosines = 0.0
            for n in 0..<x.shape[0] {
                let image = CentredImage(x, n)
                var (product, attention, variation) = (0.0, 0.0, 0.0)
                for a in 0..<d {
                    var c = 0.0
                    for b in 0..<d {
                        for i in 0..<image.positions { c += image[a, i] * image[b, i] }
                    }
                    c /= Double(image.positions)
                    let w = omega[n * d + a].double
                    product += w * c
                    attention += w * w
                    variation += c * c
                }
                let norms = (attention * variation).squareRoot()
                cosines += norms == 0 ? 0 : product / norms
            }
            p[0] = Scalar(
                Self.probability(meanCosine: cosines / Double(x.shape[0]), channels: d))
        }
    }
}

/// One image as channels × positions, less the mean of each channel.
struct CentredImage {
    let positions: Int
    private var numbers: [Double]

    init<Scalar: ReferenceScalar>(_ x: View<Scalar>, _ n: Int) {
        let channels = x.shape[1]
        positions = x.count / (x.shape[0] * channels)
        numbers = []
        numbers.reserveCapacity(channels * positions)
        for c in 0..<channels {
            let plane = x.plane(n, c)
            let row = (0..<positions).map { plane[$0].double }
            let mean = row.reduce(0, +) / Double(positions)
            numbers += row.map { $0 - mean }
        }
    }

    subscript(channel: Int, position: Int) -> Double { numbers[channel * positions + position] }
}

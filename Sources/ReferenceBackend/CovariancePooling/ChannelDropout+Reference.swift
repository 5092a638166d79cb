import Foundation
import Graphs
import Tensors

extension ChannelAttention {
    /// u[c] = Σ_k w[k]·s[c + k − 1], ω[c] = e^u[c] / Σ e^u
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (s, w, omega) = (site.operand(0), site.operand(1), site.result(0))
        let channels = s.shape[1]
        return {
            for n in 0..<s.shape[0] {
                let u = (0..<channels).map { c in
                    (0..<3).reduce(0.0) { sum, k in
                        let neighbour = c + k - 1
                        guard (0..<channels).contains(neighbour) else { return sum }
                        return sum + w[k].double * s[n * channels + neighbour].double
                    }
                }
                let largest = u.max() ?? 0
                let total = u.reduce(0) { $0 + exp($1 - largest) }
                for c in 0..<channels {
                    omega[n * channels + c] = Scalar(exp(u[c] - largest) / total)
                }
            }
        }
    }
}

extension ChannelAttentionGradient {
    /// du[c] = ω[c]·(dω[c] − Σ ω·dω); ds[c + k − 1] += w[k]·du[c]; dw[k] += s[c + k − 1]·du[c]
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (gradient, omega) = (site.operand(0), site.operand(1))
        let (s, w) = (site.operand(2), site.operand(3))
        let (ds, dw) = (site.result(0), site.result(1))
        let channels = s.shape[1]
        return {
            var kernel = [0.0, 0.0, 0.0]
            for n in 0..<s.shape[0] {
                let row = n * channels
                let product = (0..<channels).reduce(0) {
                    $0 + omega[row + $1].double * gradient[row + $1].double
                }
                var sums = [Double](repeating: 0, count: channels)
                for c in 0..<channels {
                    let du = omega[row + c].double * (gradient[row + c].double - product)
                    for k in 0..<3 where (0..<channels).contains(c + k - 1) {
                        sums[c + k - 1] += w[k].double * du
                        kernel[k] += s[row + c + k - 1].double * du
                    }
                }
                for c in 0..<channels { ds[row + c] = Scalar(sums[c]) }
            }
            for k in 0..<3 { dw[k] = Scalar(kernel[k]) }
        }
    }
}

extension ScalePlanes {
    /// y[n, c, i] = (offset + a[n, c])·x[n, c, i]
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (x, a, y) = (site.operand(0), site.operand(1), site.result(0))
        let count = x.count / a.count
        return {
            for plane in 0..<a.count {
                let factor = Scalar(offset) + a[plane]
                for i in plane * count..<(plane + 1) * count { y[i] = factor * x[i] }
            }
        }
    }
}

extension PlaneProducts {
    /// y[n, c] = Σ_i a[n, c, i]·b[n, c, i]
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (a, b, y) = (site.operand(0), site.operand(1), site.result(0))
        let count = a.count / y.count
        return {
            for plane in 0..<y.count {
                var sum = 0.0
                for i in plane * count..<(plane + 1) * count { sum += a[i].double * b[i].double }
                y[plane] = Scalar(sum)
            }
        }
    }
}

extension DropoutMask {
    /// mask[e] = 0 where draw e is below p, else 1/(1 − p)
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (p, number, mask) = (site.operand(0), site.operand(1), site.result(0))
        return {
            let share = p[0].double
            var random = randomness.random(microBatch: Int(number[0]))
            for e in 0..<mask.count {
                mask[e] = random.uniform() < share ? 0 : Scalar(Self.survivor(of: share))
            }
        }
    }
}

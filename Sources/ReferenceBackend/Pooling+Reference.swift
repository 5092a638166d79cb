import Graphs
import Tensors

extension MaxPool {
    /// y[n, c, y, x] = the largest x[n, c, y·s + ky − p, x·s + kx − p]; its place is ky·K + kx.
    ///
    /// Of equals the first wins; a NaN wins over numbers, the last over earlier ones, as in PyTorch.
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (x, y) = (site.operand(0), site.result(0))
        let winners: View<UInt8> = site.view(site.instruction.results[1])
        let geometry = WindowedPlane(window, x: x.shape, y: y.shape)
        return {
            concurrently(x.shape[0] * x.shape[1]) { plane in
                let image = x.start + plane * geometry.count
                let result = y.start + plane * geometry.outputCount
                let winner = winners.start + plane * geometry.outputCount
                result.update(repeating: -.infinity, count: geometry.outputCount)
                winner.update(repeating: .max, count: geometry.outputCount)
                geometry.forEachTap { t, ky, kx in
                    geometry.forEachPixel(under: ky, kx) { output, pixel in
                        let number = image[pixel]
                        guard number > result[output] || number.isNaN || winner[output] == .max
                        else { return }
                        (result[output], winner[output]) = (number, UInt8(t))
                    }
                }
            }
        }
    }
}

extension MaxPoolGradient {
    /// dx[n, c, pixel of the winner] += dy[n, c, y, x]
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (dy, dx) = (site.operand(0), site.result(0))
        let winners: View<UInt8> = site.view(site.instruction.operands[1])
        let geometry = WindowedPlane(window, x: dx.shape, y: dy.shape)
        return {
            concurrently(dx.shape[0] * dx.shape[1]) { plane in
                let image = dx.start + plane * geometry.count
                let gradient = dy.start + plane * geometry.outputCount
                let winner = winners.start + plane * geometry.outputCount
                image.update(repeating: 0, count: geometry.count)
                geometry.forEachTap { t, ky, kx in
                    geometry.forEachPixel(under: ky, kx) { output, pixel in
                        if winner[output] == t { image[pixel] += gradient[output] }
                    }
                }
            }
        }
    }
}

extension AveragePool {
    /// y[n, c, y, x] = Σ_{ky, kx} x[n, c, y·s + ky − p, x·s + kx − p] / K²
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (x, y) = (site.operand(0), site.result(0))
        let geometry = WindowedPlane(window, x: x.shape, y: y.shape)
        let size = Scalar(window.kernel * window.kernel)
        return {
            concurrently(x.shape[0] * x.shape[1]) { plane in
                let image = x.start + plane * geometry.count
                let result = y.start + plane * geometry.outputCount
                result.update(repeating: 0, count: geometry.outputCount)
                geometry.forEachTap { _, ky, kx in
                    geometry.forEachPixel(under: ky, kx) { output, pixel in
                        result[output] += image[pixel]
                    }
                }
                for output in 0..<geometry.outputCount { result[output] /= size }
            }
        }
    }
}

extension AveragePoolGradient {
    /// dx[n, c, y·s + ky − p, x·s + kx − p] += dy[n, c, y, x] / K²
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (dy, dx) = (site.operand(0), site.result(0))
        let geometry = WindowedPlane(window, x: dx.shape, y: dy.shape)
        let size = Scalar(window.kernel * window.kernel)
        return {
            concurrently(dx.shape[0] * dx.shape[1]) { plane in
                let image = dx.start + plane * geometry.count
                let gradient = dy.start + plane * geometry.outputCount
                image.update(repeating: 0, count: geometry.count)
                geometry.forEachTap { _, ky, kx in
                    geometry.forEachPixel(under: ky, kx) { output, pixel in
                        image[pixel] += gradient[output] / size
                    }
                }
            }
        }
    }
}

extension GlobalAveragePool {
    /// y[n, c] = Σ x[n, c, y, x] / (H·W)
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (x, y) = (site.operand(0), site.result(0))
        let planeCount = x.shape[2] * x.shape[3]
        return {
            for plane in 0..<y.count {
                var sum = 0.0
                for i in 0..<planeCount { sum += x[plane * planeCount + i].double }
                y[plane] = Scalar(sum / Double(planeCount))
            }
        }
    }
}

extension GlobalAveragePoolGradient {
    /// dx[n, c, y, x] = dy[n, c] / (H·W)
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (dy, dx) = (site.operand(0), site.result(0))
        let planeCount = dx.shape[2] * dx.shape[3]
        return {
            for plane in 0..<dy.count {
                let gradient = dy[plane] / Scalar(planeCount)
                (dx.start + plane * planeCount).update(repeating: gradient, count: planeCount)
            }
        }
    }
}

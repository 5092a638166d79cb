import Graphs
import Tensors

// All three directions read the image through shifted planes: for tap (ky, kx) and channel c,
//
//     shifted[y, x] = x[n, c, y·s + ky − p, x·s + kx − p], zero outside the image,
//
// which makes the innermost sum one over whole contiguous planes, whatever stride and padding.

extension Convolution {
    /// y[n, o] = act(b[o] + Σ_{i, ky, kx} w[o, i, ky, kx] · shifted(c, ky, kx) [+ r]), c = g(o) + i
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (x, w, y) = (site.operand(0), site.operand(1), site.result(0))
        let bias = hasBias ? site.operand(2) : nil
        let residual = epilogue.addsResidual ? site.operand(hasBias ? 3 : 2) : nil
        let geometry = ConvolutionGeometry(window, groups, x: x.shape, w: w.shape, y: y.shape)
        return {
            concurrently(x.shape[0]) { n in
                for o in 0..<geometry.outputs {
                    y.plane(n, o).update(
                        repeating: bias?[o] ?? 0, count: geometry.plane.outputCount)
                }
                geometry.withShiftedPlanes { shifted in
                    for first in geometry.channelRuns {
                        geometry.gather(x, image: n, into: shifted, from: first)
                        geometry.addConvolution(of: shifted, w, image: n, from: first, to: y)
                    }
                }
                finish(y, residual, image: n)
            }
        }
    }

    /// act(y [+ r]), in place.
    private func finish<Scalar: ReferenceScalar>(
        _ y: View<Scalar>, _ residual: View<Scalar>?, image n: Int
    ) {
        let perImage = y.shape.countPerSlice(along: 0)
        for i in n * perImage..<(n + 1) * perImage {
            if let residual { y[i] += residual[i] }
            if epilogue.appliesRelu { y[i] = y[i] < 0 ? 0 : y[i] }
        }
    }
}

extension ConvolutionDataGradient {
    /// d shifted(c, ky, kx) = Σ_o w[o, i, ky, kx] · dy[n, o], added up in dx where it was read from
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (dy, w, dx) = (site.operand(0), site.operand(1), site.result(0))
        let geometry = ConvolutionGeometry(window, groups, x: dx.shape, w: w.shape, y: dy.shape)
        return {
            concurrently(dx.shape[0]) { n in
                geometry.withShiftedPlanes { shifted in
                    for c in 0..<geometry.channels {
                        geometry.spread(dy, w, image: n, channel: c, into: shifted)
                        geometry.scatter(shifted, channel: c, image: n, to: dx)
                    }
                }
            }
        }
    }
}

extension ConvolutionWeightGradient {
    /// dw[o, i, ky, kx] = Σ_n Σ_{y, x} dy[n, o] · shifted(c, ky, kx)
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (dy, x, dw) = (site.operand(0), site.operand(1), site.result(0))
        let geometry = ConvolutionGeometry(window, groups, x: x.shape, w: dw.shape, y: dy.shape)
        return {
            dw.start.update(repeating: 0, count: dw.count)
            concurrently(geometry.channels) { c in
                geometry.withShiftedPlanes { shifted in
                    for n in 0..<x.shape[0] {
                        geometry.gather(x, image: n, channel: c, into: shifted)
                        geometry.addProducts(of: shifted, dy, image: n, channel: c, to: dw)
                    }
                }
            }
        }
    }
}

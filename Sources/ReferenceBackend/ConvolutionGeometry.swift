import Graphs
import Tensors

/// The extents of a convolution, and the loops that its three directions share.
struct ConvolutionGeometry {
    let plane: WindowedPlane
    /// C and O of all groups together.
    let channels: Int
    let outputs: Int
    /// C/groups and O/groups.
    let channelsPerGroup: Int
    let outputsPerGroup: Int
    /// K².
    let taps: Int

    init(_ window: Window, _ groups: Int, x: Shape, w: Shape, y: Shape) {
        plane = WindowedPlane(window, x: x, y: y)
        (channels, outputs) = (x[1], y[1])
        (channelsPerGroup, outputsPerGroup) = (x[1] / groups, y[1] / groups)
        taps = window.kernel * window.kernel
    }

    /// The outputs of the group of channel c, and the channel's number i within it.
    func group(of c: Int) -> (outputs: Range<Int>, i: Int) {
        let first = c / channelsPerGroup * outputsPerGroup
        return (first..<first + outputsPerGroup, c % channelsPerGroup)
    }

    // MARK: - Runs of channels

    /// Channels are taken several at a time where kernels are small, so that an output is loaded
    /// and stored once for at least sixteen terms.
    private var runLength: Int { min(channelsPerGroup, max(1, 16 / taps)) }

    var channelRuns: [Range<Int>] {
        stride(from: 0, to: channels, by: channelsPerGroup).flatMap { group in
            stride(from: group, to: group + channelsPerGroup, by: runLength).map {
                $0..<min($0 + runLength, group + channelsPerGroup)
            }
        }
    }

    /// Room for the shifted planes of a run, zero to begin with: what lies outside the image is
    /// the same for every image and channel.
    func withShiftedPlanes<Scalar: ReferenceScalar>(_ body: (UnsafeMutablePointer<Scalar>) -> Void)
    {
        let count = runLength * taps * plane.outputCount
        withUnsafeTemporaryAllocation(of: Scalar.self, capacity: max(1, count)) { buffer in
            buffer.initialize(repeating: 0)
            if let start = buffer.baseAddress { body(start) }
        }
    }

    // MARK: - Loops

    /// Fills the shifted planes of the channels of `run`, one after the other.
    func gather<Scalar: ReferenceScalar>(
        _ x: View<Scalar>, image n: Int, into shifted: UnsafeMutablePointer<Scalar>,
        from run: Range<Int>
    ) {
        for c in run {
            let planes = shifted + (c - run.lowerBound) * taps * plane.outputCount
            gather(x, image: n, channel: c, into: planes)
        }
    }

    /// shifted(ky, kx)[y, x] = x[n, c, y·s + ky − p, x·s + kx − p]
    func gather<Scalar: ReferenceScalar>(
        _ x: View<Scalar>, image n: Int, channel c: Int, into shifted: UnsafeMutablePointer<Scalar>
    ) {
        let image = x.plane(n, c)
        plane.forEachTap { t, ky, kx in
            let target = shifted + t * plane.outputCount
            plane.forEachPixel(under: ky, kx) { output, pixel in target[output] = image[pixel] }
        }
    }

    /// dx[n, c, y·s + ky − p, x·s + kx − p] = Σ_{ky, kx} shifted(ky, kx)[y, x]
    func scatter<Scalar: ReferenceScalar>(
        _ shifted: UnsafeMutablePointer<Scalar>, channel c: Int, image n: Int, to dx: View<Scalar>
    ) {
        let image = dx.plane(n, c)
        image.update(repeating: 0, count: plane.count)
        plane.forEachTap { t, ky, kx in
            let source = shifted + t * plane.outputCount
            plane.forEachPixel(under: ky, kx) { output, pixel in image[pixel] += source[output] }
        }
    }

    /// y[n, o] += Σ_{i, t} w[o, i, t] · shifted(i, t) over the channels of `run`
    func addConvolution<Scalar: ReferenceScalar>(
        of shifted: UnsafeMutablePointer<Scalar>, _ w: View<Scalar>, image n: Int,
        from run: Range<Int>, to y: View<Scalar>
    ) {
        let (group, i) = group(of: run.lowerBound)
        for o in group {
            Rows.addCombination(
                of: shifted, rowStride: plane.outputCount, termCount: run.count * taps,
                factors: w.plane(o, i), factorStride: 1, to: y.plane(n, o),
                count: plane.outputCount)
        }
    }

    /// shifted(t) = Σ_o w[o, i, t] · dy[n, o]
    func spread<Scalar: ReferenceScalar>(
        _ dy: View<Scalar>, _ w: View<Scalar>, image n: Int, channel c: Int,
        into shifted: UnsafeMutablePointer<Scalar>
    ) {
        let (group, i) = group(of: c)
        shifted.update(repeating: 0, count: taps * plane.outputCount)
        for t in 0..<taps {
            Rows.addCombination(
                of: dy.plane(n, group.lowerBound), rowStride: plane.outputCount,
                termCount: group.count, factors: w.plane(group.lowerBound, i) + t,
                factorStride: channelsPerGroup * taps, to: shifted + t * plane.outputCount,
                count: plane.outputCount)
        }
    }

    /// dw[o, i, t] += Σ_{y, x} dy[n, o, y, x] · shifted(t)[y, x]
    func addProducts<Scalar: ReferenceScalar>(
        of shifted: UnsafeMutablePointer<Scalar>, _ dy: View<Scalar>, image n: Int, channel c: Int,
        to dw: View<Scalar>
    ) {
        let (group, i) = group(of: c)
        for o in group {
            let (gradient, sums) = (dy.plane(n, o), dw.plane(o, i))
            for t in 0..<taps {
                sums[t] += Rows.dot(
                    gradient, shifted + t * plane.outputCount, count: plane.outputCount)
            }
        }
    }
}

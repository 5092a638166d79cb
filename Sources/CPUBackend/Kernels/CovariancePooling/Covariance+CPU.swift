import COpenBLAS
import Graphs
import Tensors

/// The extents of a batch whose images are channels × positions, row-major.
struct ChannelRows {
    let images: Int
    let channels: Int
    let positions: Int

    var imageCount: Int { channels * positions }

    init(_ shape: Shape) {
        (images, channels) = (shape[0], shape[1])
        positions = shape[2] * shape[3]
    }

    /// Writes image `n` of those at `x` less the mean of each channel.
    func centre(_ n: Int, of x: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        for c in 0..<channels {
            let row = x + n * imageCount + c * positions
            var sum = 0.0
            for i in 0..<positions { sum += Double(row[i]) }
            let (mean, centred) = (Float(sum / Double(positions)), target + c * positions)
            for i in 0..<positions { centred[i] = row[i] - mean }
        }
    }
}

extension Site {
    /// The part's own share of the workspace, `count` floats long.
    func scratch(_ count: Int) -> (Int) -> UnsafeMutablePointer<Float> {
        let start = workspace.assumingMemoryBound(to: Float.self)
        return { part in start + part * count }
    }

    /// Σ = X̄·X̄ᵀ/M
    func covariance() -> Body {
        let rows = ChannelRows(instruction.operands[0].spec.shape)
        let (x, sigma, scratch) = (operand(0), result(0), scratch(rows.imageCount))
        let (d, m) = (Int32(rows.channels), Int32(rows.positions))
        let loop = ImageLoop(rows.images, threads: threadCount) { n, part in
            let centred = scratch(part)
            rows.centre(n, of: x, into: centred)
            cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasTrans, d, d, m, 1 / Float(m), centred, m, centred,
                m, 0, sigma + n * rows.channels * rows.channels, d)
        }
        return { loop.run() }
    }

    /// dX = (G + Gᵀ)·X̄/M
    func covarianceGradient() -> Body {
        let rows = ChannelRows(instruction.operands[1].spec.shape)
        let (gradient, x, dx) = (operand(0), operand(1), result(0))
        let (d, m) = (Int32(rows.channels), Int32(rows.positions))
        let (size, channels) = (rows.channels * rows.channels, rows.channels)
        let scratch = scratch(rows.imageCount + size)
        let loop = ImageLoop(rows.images, threads: threadCount) { n, part in
            let centred = scratch(part)
            let (g, sum) = (gradient + n * size, centred + rows.imageCount)
            rows.centre(n, of: x, into: centred)
            for a in 0..<channels {
                for b in 0..<channels {
                    sum[a * channels + b] = g[a * channels + b] + g[b * channels + a]
                }
            }
            cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasNoTrans, d, m, d, 1 / Float(m), sum, d, centred,
                m,
                0, dx + n * rows.imageCount, m)
        }
        return { loop.run() }
    }
}

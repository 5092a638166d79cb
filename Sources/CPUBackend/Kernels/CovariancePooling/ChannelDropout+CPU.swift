import COpenBLAS
import Foundation
import Graphs
import Tensors

// A few thousand numbers a step: plain loops. What reads whole images is shared out.

extension Site {
    func channelAttention() -> Body {
        let shape = instruction.operands[0].spec.shape
        let (s, w, omega, channels) = (operand(0), operand(1), result(0), shape[1])
        return {
            for n in 0..<shape[0] {
                let (row, weights) = (s + n * channels, omega + n * channels)
                var largest = -Float.infinity
                for c in 0..<channels {
                    var u = w[1] * row[c]
                    if c > 0 { u += w[0] * row[c - 1] }
                    if c + 1 < channels { u += w[2] * row[c + 1] }
                    weights[c] = u
                    largest = max(largest, u)
                }
                var total: Float = 0
                for c in 0..<channels {
                    weights[c] = exp(weights[c] - largest)
                    total += weights[c]
                }
                for c in 0..<channels { weights[c] /= total }
            }
        }
    }

    func channelAttentionGradient() -> Body {
        let shape = instruction.operands[0].spec.shape
        let (gradient, omega) = (operand(0), operand(1))
        let (s, w, ds, dw, channels) = (
            operand(2), operand(3), result(0), result(1), shape[1]
        )
        return {
            var (before, here, after) = (0.0, 0.0, 0.0)
            for n in 0..<shape[0] {
                let (g, weights) = (gradient + n * channels, omega + n * channels)
                let (row, target) = (s + n * channels, ds + n * channels)
                let product = cblas_sdot(Int32(channels), g, 1, weights, 1)
                target.update(repeating: 0, count: channels)
                for c in 0..<channels {
                    let du = weights[c] * (g[c] - product)
                    here += Double(du * row[c])
                    target[c] += w[1] * du
                    if c > 0 {
                        before += Double(du * row[c - 1])
                        target[c - 1] += w[0] * du
                    }
                    if c + 1 < channels {
                        after += Double(du * row[c + 1])
                        target[c + 1] += w[2] * du
                    }
                }
            }
            (dw[0], dw[1], dw[2]) = (Float(before), Float(here), Float(after))
        }
    }

    func scalePlanes(_ rule: ScalePlanes) -> Body {
        let rows = ChannelRows(instruction.operands[0].spec.shape)
        let (x, factors, y, offset) = (operand(0), operand(1), result(0), Float(rule.offset))
        let loop = ImageLoop(rows.images, threads: threadCount) { n, _ in
            for plane in n * rows.channels..<(n + 1) * rows.channels {
                let factor = offset + factors[plane]
                for i in plane * rows.positions..<(plane + 1) * rows.positions {
                    y[i] = factor * x[i]
                }
            }
        }
        return { loop.run() }
    }

    func planeProducts() -> Body {
        let rows = ChannelRows(instruction.operands[0].spec.shape)
        let (a, b, y) = (operand(0), operand(1), result(0))
        let loop = ImageLoop(rows.images, threads: threadCount) { n, _ in
            for plane in n * rows.channels..<(n + 1) * rows.channels {
                let first = plane * rows.positions
                y[plane] = cblas_sdot(Int32(rows.positions), a + first, 1, b + first, 1)
            }
        }
        return { loop.run() }
    }

    /// c = X̄·(X̄ᵀ1)/M: no covariance has to be written down for its row sums.
    func dropProbability() -> Body {
        let rows = ChannelRows(instruction.operands[0].spec.shape)
        let (x, omega, p) = (operand(0), operand(1), result(0))
        let (d, m) = (Int32(rows.channels), Int32(rows.positions))
        let memory = workspace.assumingMemoryBound(to: Float.self)
        // The cosines of all images, then each part's centred image, column sums and row sums.
        let scratch = Self.dropScratch(rows)
        let loop = ImageLoop(rows.images, threads: threadCount) { n, part in
            let centred = memory + rows.images + part * scratch
            let (columns, c) = (
                centred + rows.imageCount, centred + rows.imageCount + rows.positions
            )
            let weights = omega + n * rows.channels
            rows.centre(n, of: x, into: centred)
            columns.update(repeating: 0, count: rows.positions)
            for channel in 0..<rows.channels {
                cblas_saxpy(m, 1, centred + channel * rows.positions, 1, columns, 1)
            }
            cblas_sgemv(
                CblasRowMajor, CblasNoTrans, d, m, 1 / Float(m), centred, m, columns, 1, 0, c, 1)
            let norms = cblas_snrm2(d, weights, 1) * cblas_snrm2(d, c, 1)
            memory[n] = norms == 0 ? 0 : cblas_sdot(d, weights, 1, c, 1) / norms
        }
        return {
            loop.run()
            // In the order of the images, whoever worked on them.
            let sum = (0..<rows.images).reduce(0.0) { $0 + Double(memory[$1]) }
            p[0] = Float(
                DropProbability.probability(
                    meanCosine: sum / Double(rows.images), channels: rows.channels))
        }
    }

    /// Floats of scratch per part.
    static func dropScratch(_ rows: ChannelRows) -> Int {
        rows.imageCount + rows.positions + rows.channels
    }

    func dropoutMask(_ rule: DropoutMask) -> Body {
        let (p, number, mask) = (operand(0), operand(1), result(0))
        let count = instruction.results[0].spec.shape.count
        return {
            let share = Double(p[0])
            let survivor = Float(DropoutMask.survivor(of: share))
            var random = rule.randomness.random(microBatch: Int(number[0]))
            for e in 0..<count { mask[e] = random.uniform() < share ? 0 : survivor }
        }
    }
}

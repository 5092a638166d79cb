import CKernels
import Foundation
import Testing

extension KernelTests {
    @Suite("Loss")
    struct Loss {
        @Test("Cross-entropy and its gradient are the formula", arguments: [0, 0.1])
        func crossEntropy(smoothing: Double) {
            let (rows, classes) = (5, 7)
            let scores = randomNumbers(rows * classes, seed: 1).map { $0 * 4 }
            let labels: [Int64] = [0, 6, 3, 3, 1]
            var loss = Float(0)
            var gradient = [Float](repeating: 0, count: scores.count)
            gcb_softmax_cross_entropy(
                scores.map(Float.init), labels, Int64(rows), Int64(classes), smoothing, &loss,
                &gradient)
            var expected = (loss: 0.0, gradient: scores)
            for row in 0..<rows {
                let z = scores[row * classes..<(row + 1) * classes].map { Double(Float($0)) }
                let total = z.reduce(0) { $0 + exp($1) }
                for (number, score) in z.enumerated() {
                    let target =
                        smoothing / Double(classes)
                        + (labels[row] == number ? 1 - smoothing : 0)
                    let p = exp(score) / total
                    expected.loss -= target * log(p) / Double(rows)
                    expected.gradient[row * classes + number] = (p - target) / Double(rows)
                }
            }
            #expect(abs(Double(loss) - expected.loss) < 1e-6 * expected.loss)
            #expect(distance(gradient.map(Double.init), expected.gradient) < 1e-6)
        }

        @Test("Huge scores do not overflow, unknown labels and NaN make the loss NaN")
        func extremes() {
            var (loss, gradient) = (Float(0), [Float](repeating: 0, count: 2))
            gcb_softmax_cross_entropy([1e30, -1e30], [0], 1, 2, 0, &loss, &gradient)
            #expect(loss == 0 && gradient == [0, 0])
            gcb_softmax_cross_entropy([1, 2], [2], 1, 2, 0, &loss, &gradient)
            #expect(loss.isNaN)
            gcb_softmax_cross_entropy([.nan, 2], [1], 1, 2, 0, &loss, &gradient)
            #expect(loss.isNaN)
        }

        @Test("Hits count ties by class number and never count NaN")
        func hits() {
            let scores: [Float] = [
                3, 1, 2,
                1, 1, 1,
                .nan, 1, 2,
                0, 5, .nan,
            ]
            var count = Float(0)
            gcb_top_k(scores, [2, 1, 0, 1], 4, 3, 1, &count)
            #expect(count == 1)
            gcb_top_k(scores, [2, 1, 0, 1], 4, 3, 2, &count)
            #expect(count == 3)
            gcb_top_k(scores, [2, 1, 0, 7], 4, 3, 2, &count)
            #expect(count == 2)
        }
    }
}

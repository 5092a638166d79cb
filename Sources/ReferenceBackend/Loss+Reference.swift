import Foundation
import Graphs
import Tensors

extension SoftmaxCrossEntropy {
    /// t = (1 − ε)·[c = label] + ε/C, log p = z − log Σ eᶻ, loss = −(1/N)·Σ t·log p, dz = (p − t)/N
    ///
    /// Exponentials and the loss are taken in double precision, whatever the format of z.
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (z, loss, dz) = (site.operand(0), site.result(0), site.result(1))
        let labels: View<Int64> = site.view(site.instruction.operands[1])
        let (batch, classes) = (z.shape[0], z.shape[1])
        return {
            var sum = 0.0
            for n in 0..<batch {
                let row = z.start + n * classes
                let gradient = dz.start + n * classes
                let label = Int(exactly: labels[n]).flatMap {
                    (0..<classes).contains($0) ? $0 : nil
                }
                if label == nil { sum = .nan }
                let logarithm = Self.logarithmOfSum(of: row, count: classes)
                for c in 0..<classes {
                    let target =
                        (c == label ? 1 - labelSmoothing : 0) + labelSmoothing / Double(classes)
                    let logProbability = Double(row[c]) - logarithm
                    if target != 0 { sum -= target * logProbability }
                    gradient[c] = Scalar((exp(logProbability) - target) / Double(batch))
                }
            }
            loss[0] = Scalar(sum / Double(batch))
        }
    }

    /// log Σ eᶻ, with the largest z taken out so that nothing overflows.
    private static func logarithmOfSum<Scalar: ReferenceScalar>(
        of z: UnsafePointer<Scalar>, count: Int
    ) -> Double {
        let scores = UnsafeBufferPointer(start: z, count: count)
        let largest = scores.reduce(-Double.infinity) { max($0, Double($1)) }
        return largest + log(scores.reduce(0) { $0 + exp(Double($1) - largest) })
    }
}

extension TopKCorrect {
    /// How many n have fewer than k classes before their label: those with larger scores, and
    /// those of equal score and lower number.
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (z, correct) = (site.operand(0), site.result(0))
        let labels: View<Int64> = site.view(site.instruction.operands[1])
        let (batch, classes) = (z.shape[0], z.shape[1])
        return {
            let count = (0..<batch).count { n in
                let scores = z.start + n * classes
                guard let label = Int(exactly: labels[n]), (0..<classes).contains(label),
                    !scores[label].isNaN
                else { return false }
                let before = (0..<classes).count { c in
                    scores[c] > scores[label] || (scores[c] == scores[label] && c < label)
                }
                return before < k
            }
            correct[0] = Scalar(count)
        }
    }
}

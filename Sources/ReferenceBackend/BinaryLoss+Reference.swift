import Foundation
import Graphs
import Tensors

extension SigmoidCrossEntropy {
    /// t = (1 − ε)·label + ε/2, loss = (1/N)·Σ (max(z, 0) − z·t + log(1 + e⁻|ᶻ|)), dz = (p − t)/N
    ///
    /// Taken in double precision, whatever the format of z; no exponential overflows.
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (logits, loss, gradient) = (site.operand(0), site.result(0), site.result(1))
        let labels: View<Int64> = site.view(site.instruction.operands[1])
        let batch = logits.shape[0]
        return {
            var sum = 0.0
            for n in 0..<batch {
                let (z, label) = (logits[n].double, labels[n])
                let target = (1 - labelSmoothing) * Double(label) + labelSmoothing / 2
                sum += max(z, 0) - z * target + log1p(exp(-abs(z)))
                if label != 0 && label != 1 { sum = .nan }
                let small = exp(-abs(z))
                let probability = (z >= 0 ? 1 : small) / (1 + small)
                gradient[n] = Scalar((probability - target) / Double(batch))
            }
            loss[0] = Scalar(sum / Double(batch))
        }
    }
}

extension SignCorrect {
    /// How many n have z > 0 and label 1, or z ≤ 0 and label 0.
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (logits, correct) = (site.operand(0), site.result(0))
        let labels: View<Int64> = site.view(site.instruction.operands[1])
        let batch = logits.shape[0]
        return {
            correct[0] = Scalar(
                (0..<batch).count { n in
                    (logits[n] > 0 && labels[n] == 1) || (logits[n] <= 0 && labels[n] == 0)
                })
        }
    }
}

import Foundation

extension Schedule {
    /// The factor of the base learning rate after `progress` epochs of `epochs`.
    ///
    /// Steps and milestones come at whole epochs, as in the published scripts; the cosine and the
    /// linear warm-up, which multiplies it, move with every step.
    public func factor(at progress: Double, of epochs: Int) -> Double {
        warmUpFactor(at: progress) * decayFactor(at: progress, of: epochs)
    }

    private func warmUpFactor(at progress: Double) -> Double {
        guard progress < warmUpEpochs else { return 1 }
        return warmUpStart + (1 - warmUpStart) * progress / warmUpEpochs
    }

    private func decayFactor(at progress: Double, of epochs: Int) -> Double {
        let epoch = Int(progress)
        return switch decay {
        case .constant: 1
        case .step(let every, let factor): pow(factor, Double(epoch / every))
        case .milestones(let milestones, let factor):
            pow(factor, Double(milestones.count { $0 <= epoch }))
        case .cosine(let final):
            final + (1 - final) * (1 + cos(.pi * progress / Double(max(1, epochs)))) / 2
        }
    }
}

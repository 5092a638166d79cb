import Foundation

extension Schedule {
    /// The factor of the base learning rate after `progress` epochs of `epochs`.
    ///
    /// Decay is stepped per epoch, as the published scripts do, so it sees ⌊progress⌋; warm-up is
    /// linear in progress itself and multiplies it.
    public func factor(at progress: Double, of epochs: Int) -> Double {
        warmUpFactor(at: progress) * decayFactor(epoch: Int(progress), of: epochs)
    }

    private func warmUpFactor(at progress: Double) -> Double {
        guard progress < warmUpEpochs else { return 1 }
        return warmUpStart + (1 - warmUpStart) * progress / warmUpEpochs
    }

    private func decayFactor(epoch: Int, of epochs: Int) -> Double {
        switch decay {
        case .constant: 1
        case .step(let every, let factor): pow(factor, Double(epoch / every))
        case .milestones(let milestones, let factor):
            pow(factor, Double(milestones.count { $0 <= epoch }))
        case .cosine(let final):
            final + (1 - final) * (1 + cos(.pi * Double(epoch) / Double(max(1, epochs)))) / 2
        }
    }
}

import Foundation

/// How far a run has come.
public struct ScheduleProgress: Hashable, Sendable {
    /// Updates done before.
    public let step: Int
    public let stepsPerEpoch: Int
    public let epochs: Int

    public init(step: Int, stepsPerEpoch: Int, epochs: Int) {
        self.step = step
        self.stepsPerEpoch = max(1, stepsPerEpoch)
        self.epochs = max(1, epochs)
    }

    /// Whole units done before.
    func count(_ unit: Schedule.Unit) -> Int {
        switch unit {
        case .epoch: step / stepsPerEpoch
        case .iteration: step
        }
    }

    /// The units of the whole run.
    func total(_ unit: Schedule.Unit) -> Int {
        switch unit {
        case .epoch: epochs
        case .iteration: epochs * stepsPerEpoch
        }
    }
}

extension Schedule {
    /// The factor of the base learning rate for the update at `progress`.
    public func factor(at progress: ScheduleProgress) -> Double {
        warmUpFactor(at: progress) * decayFactor(at: progress)
    }

    private func warmUpFactor(at progress: ScheduleProgress) -> Double {
        guard let warmUp else { return 1 }
        let length =
            switch warmUp.unit {
            case .epoch: warmUp.length * Double(progress.stepsPerEpoch)
            case .iteration: warmUp.length
            }
        let done =
            switch warmUp.pace {
            case .epoch: progress.count(.epoch) * progress.stepsPerEpoch
            case .iteration: progress.step
            }
        guard Double(done) < length else { return 1 }
        return warmUp.start + (1 - warmUp.start) * Double(done) / length
    }

    private func decayFactor(at progress: ScheduleProgress) -> Double {
        let (done, total) = (progress.count(unit), progress.total(unit))
        let share = Double(done) / Double(total)
        switch decay {
        case .constant: return 1
        case .step(let every, let factor): return pow(factor, Double(done / every))
        case .milestones(let milestones, let factor):
            return pow(factor, Double(milestones.count { $0 <= done }))
        case .cosine(let final): return Self.cosine(from: 1, to: final, at: share)
        case .polynomial(let power, let final):
            return final + (1 - final) * pow(1 - share, power)
        case .oneCycle(let rise, let start, let final):
            // The peak and the end are units of their own: the last update has the final rate.
            let (peak, end) = (rise * Double(total) - 1, Double(total) - 1)
            return Double(done) <= peak
                ? Self.cosine(from: start, to: 1, at: peak > 0 ? Double(done) / peak : 1)
                : Self.cosine(from: 1, to: final, at: (Double(done) - peak) / max(1, end - peak))
        }
    }

    /// Half a cosine between two factors; x in [0, 1].
    private static func cosine(from first: Double, to last: Double, at x: Double) -> Double {
        last + (first - last) * (1 + cos(.pi * x)) / 2
    }
}

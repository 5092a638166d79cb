internal import Optimizers

extension Schedule {
    /// nil where a key is missing that variants may still give.
    init?(_ map: [SpecificationKey: PlacedValue]) {
        guard let decay = Decay(map) else { return nil }
        self.init(decay, per: map.name(.per), warmUp: WarmUp(map))
    }
}

extension Schedule.WarmUp {
    /// nil without warm-up: then there is no start of it to tell apart.
    fileprivate init?(_ map: [SpecificationKey: PlacedValue]) {
        let start = map.number(.warmUpStart) ?? 0
        let pace: Schedule.Unit = map.name(.warmUpPer) ?? .iteration
        if let epochs = map.number(.warmUpEpochs), epochs > 0 {
            self.init(epochs, .epoch, start: start, per: pace)
        } else if let iterations = map.integer(.warmUpIterations), iterations > 0 {
            self.init(Double(iterations), .iteration, start: start, per: pace)
        } else {
            return nil
        }
    }
}

extension Schedule.Decay {
    fileprivate init?(_ map: [SpecificationKey: PlacedValue]) {
        switch map.text(.name).flatMap(Schedule.Name.init) {
        case .constant: self = .constant
        case .step:
            guard let every = map.integer(.every), let factor = map.number(.factor) else {
                return nil
            }
            self = .step(every: every, factor: factor)
        case .milestones:
            guard let epochs = map.list(.milestones), let factor = map.number(.factor) else {
                return nil
            }
            self = .milestones(epochs, factor: factor)
        case .cosine: self = .cosine(final: map.number(.final) ?? 0)
        case .polynomial:
            self = .polynomial(power: map.number(.power) ?? 1, final: map.number(.final) ?? 0)
        case .oneCycle:
            let start = map.number(.start) ?? Self.oneCycleStart
            self = .oneCycle(
                rise: map.number(.rise) ?? Self.oneCycleRise, start: start,
                final: map.number(.final) ?? start * 1e-4)
        case nil: return nil
        }
    }

    /// The defaults of `torch.optim.lr_scheduler.OneCycleLR`.
    static let oneCycleRise = 0.3
    static let oneCycleStart = 0.04
}

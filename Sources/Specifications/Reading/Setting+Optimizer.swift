internal import Optimizers

// nil means that a key is missing where variants may still give it.

extension OptimizerSettings {
    init?(_ map: [SpecificationKey: PlacedValue]) {
        guard let text = map.text(.name), let learningRate = map.number(.learningRate) else {
            return nil
        }
        let published = PublishedOptimizerClass(rawValue: text)
        guard let name = published?.optimizer ?? OptimizerName(rawValue: text) else { return nil }
        let convention: OptimizerConvention? = map.name(.convention)
        self.init(
            name: name, convention: published == nil ? convention : .reference,
            learningRate: learningRate, momentum: map.number(.momentum) ?? 0,
            dampening: map.number(.dampening) ?? 0, weightDecay: map.number(.weightDecay),
            nesterov: map.boolean(.nesterov) ?? false,
            betas: map.numbers(.betas).map { Betas($0[0], $0[1]) },
            epsilon: map.number(.epsilon), rho: map.number(.rho),
            amsgrad: map.boolean(.amsgrad) ?? false, centered: map.boolean(.centered) ?? false,
            initialAccumulator: map.number(.initialAccumulator),
            learningRateDecay: map.number(.learningRateDecay) ?? 0,
            lookahead: map.integer(.lookahead), lookaheadShare: map.number(.lookaheadShare),
            clipNorm: map.number(.clipNorm) ?? 0)
    }
}

extension ParameterGroup {
    init?(_ value: SpecificationValue) {
        guard let map = value.map, let names = map.texts(.parameters) else { return nil }
        let selectors = names.map(ParameterSelector.init)
        if map.boolean(.frozen) == true {
            self.init(selectors, .frozen)
        } else if let own = map[.optimizer]?.value.map {
            guard let settings = OptimizerSettings(own) else { return nil }
            let isScheduled = map.boolean(.scheduled) ?? true
            self.init(selectors, .separate(settings, isScheduled: isScheduled))
        } else {
            self.init(
                selectors,
                .adjusted(
                    weightDecay: map.number(.weightDecay),
                    learningRateFactor: map.number(.learningRateFactor) ?? 1))
        }
    }
}

import Graphs

extension GradientTransformation {
    /// Writes the transformation of the site's update. One line per ingredient: those with more
    /// to say have a function of their own.
    func write(_ site: inout UpdateSite, _ context: inout UpdateContext) throws(ShapeError) {
        switch self {
        case .chain(let transformations):
            for transformation in transformations { try transformation.write(&site, &context) }
        case .clipByGlobalNorm(let maximum):
            guard let factor = context.clippingFactors[maximum] else {
                preconditionFailure("the norm for \(maximum) was not written")
            }
            try scale(&site, &context) { _ in UpdateContext.Coefficient(1, factor) }
        case .addDecayedWeights(let decay):
            try addWeights(&site, &context, UpdateContext.Coefficient(decay))
        case .centralize(let scope): try centralize(scope, &site, &context)
        case .trace(let momentum): try momentum.write(&site, &context)
        case .scaleByAdam(let moments): try moments.write(&site, &context, corrects: true)
        case .momentRatio(let moments): try moments.write(&site, &context, corrects: false)
        case .correctBias(let moments):
            try scale(&site, &context) { context throws(ShapeError) in
                try context.coefficient(moments.wholeCorrection)
            }
        case .rectifiedRatio(let moments): try moments.writeRectified(&site, &context)
        case .rectify(let moments):
            try scale(&site, &context) { context throws(ShapeError) in
                try context.coefficient(.rectification(moments.rectification, .stepSize))
            }
        case .scaleByRootSumSquares(let sum): try sum.write(&site, &context)
        case .scaleByRMS(let average): try average.write(&site, &context)
        case .decayRate(let decay):
            try scale(&site, &context) { context throws(ShapeError) in
                try context.coefficient(.inverseTime(decay: decay))
            }
        case .scaleByLearningRate(let rate):
            try scale(&site, &context) { context in context.rate(rate) }
        case .decayWeights(let decay, let rate):
            try addWeights(&site, &context, context.rate(rate, times: decay))
        }
    }

    private func scale(
        _ site: inout UpdateSite, _ context: inout UpdateContext,
        by factor: (inout UpdateContext) throws(ShapeError) -> UpdateContext.Coefficient
    ) throws(ShapeError) {
        try site.write(in: &context) { writer, u, context throws(ShapeError) in
            UpdateOutcome(update: writer.scaled(try factor(&context), u))
        }
    }

    private func addWeights(
        _ site: inout UpdateSite, _ context: inout UpdateContext,
        _ factor: UpdateContext.Coefficient
    ) throws(ShapeError) {
        let weight = site.variable.value
        try site.write(in: &context) { writer, u, _ in
            UpdateOutcome(update: writer.sum(1, u, factor, writer.tensor(weight)))
        }
    }

    private func centralize(
        _ scope: CentralizationScope, _ site: inout UpdateSite, _ context: inout UpdateContext
    ) throws(ShapeError) {
        guard case .centralized(let axis) = scope.treatment(of: site.variable) else { return }
        try site.write(in: &context) { writer, u, _ in
            UpdateOutcome(update: writer.centralize(u, outputAxis: axis))
        }
    }
}

extension Momentum {
    func write(_ site: inout UpdateSite, _ context: inout UpdateContext) throws(ShapeError) {
        let buffer = context.graph.optimizerState("momentum_buffer", of: site.variable)
        try site.write(in: &context) { writer, u, context throws(ShapeError) in
            // The buffer starts at zero, so only dampening tells the first step from others.
            let kept: UpdateContext.Coefficient =
                dampening == 0 ? 1 : try context.coefficient(.afterFirst(later: 1 - dampening))
            let next = writer.sum(.init(momentum), writer.tensor(buffer), kept, u)
            let update = isNesterov ? writer.sum(1, u, .init(momentum), next) : next
            return UpdateOutcome(update: update, states: [(buffer, next)])
        }
    }
}

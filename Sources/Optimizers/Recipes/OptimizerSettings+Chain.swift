import Graphs

// Each published optimizer as data. A chain reads in the order of the official statements; where
// decay comes, what it is multiplied by and where centralization stands is what tells them apart.

extension OptimizerSettings {
    /// The chain from gradient to update.
    func chain(_ mode: GradientCentralizationMode, _ rate: LearningRate) -> GradientTransformation {
        let clip: [GradientTransformation?] = [clipNorm > 0 ? .clipByGlobalNorm(clipNorm) : nil]
        return .chain((clip + ingredients(mode, rate)).compactMap(\.self))
    }

    private func ingredients(_ mode: GradientCentralizationMode, _ rate: LearningRate)
        -> [GradientTransformation?]
    {
        let (onGradient, onUpdate) = (mode.onGradient, mode.onUpdate)
        let scaled = GradientTransformation.scaleByLearningRate(rate)
        switch (name, convention) {
        // Decay is added before centralizing, as the official SGD_GC does.
        case (.sgd, .torch), (.sgd, .reference), (.sgd, .referenceAdvanced):
            return [decay, onGradient, trace, onUpdate, scaled]
        case (.sgd, .keras): return [onGradient, scaled, trace, late(rate), onUpdate]
        case (.sgdw, _): return [onGradient, trace, decay, onUpdate, scaled]
        case (.adam, .torch), (.adam, .reference), (.adam, .referenceAdvanced):
            return [decay, onGradient, .scaleByAdam(moments), onUpdate, scaled]
        case (.adamw, .torch): return [onGradient, .scaleByAdam(moments), decay, onUpdate, scaled]
        // Decay is multiplied by the corrected step, not by the rate alone.
        case (.adamw, .reference), (.adamw, .referenceAdvanced):
            return [
                onGradient, .momentRatio(moments), decay, onUpdate, .correctBias(moments), scaled,
            ]
        case (.adam, .keras), (.adamw, .keras):
            return [onGradient, .scaleByAdam(moments), scaled, late(rate), onUpdate]
        case (.adagrad, .keras):
            return [onGradient, .scaleByRootSumSquares(squareSum), scaled, late(rate), onUpdate]
        case (.adagrad, _):
            return [
                decay, onGradient, .scaleByRootSumSquares(squareSum), slowing, onUpdate, scaled,
            ]
        case (.rmsprop, .keras):
            return [onGradient, .scaleByRMS(squareAverage), scaled, trace, late(rate), onUpdate]
        case (.rmsprop, _):
            return [decay, onGradient, .scaleByRMS(squareAverage), trace, onUpdate, scaled]
        case (.radam, .referenceAdvanced), (.ranger, _):
            return [
                onGradient, .rectifiedRatio(moments), decay, onUpdate, .rectify(moments), scaled,
            ]
        case (.radam, _):
            return [
                decay, onGradient, .rectifiedRatio(moments), .rectify(moments), onUpdate, scaled,
            ]
        }
    }

    var lookaheadRule: Lookahead? {
        guard lookahead > 0 else { return nil }
        // Ranger copies the slow weights before its first step; the Lookahead of the same code
        // after it.
        let isLate = convention == .referenceAdvanced && name != .ranger
        return Lookahead(
            period: lookahead, share: lookaheadShare,
            start: isLate ? .afterFirst : .beforeFirst)
    }

    /// The name in papers, with what the variant adds.
    var title: String {
        let inner = amsgrad ? "AMSGrad \(name.title)" : name.title
        return lookahead > 0 && name != .ranger ? "Lookahead \(inner)" : inner
    }

    // MARK: - Ingredients

    private var decay: GradientTransformation? {
        weightDecay == 0 ? nil : .addDecayedWeights(weightDecay)
    }

    private func late(_ rate: LearningRate) -> GradientTransformation? {
        weightDecay == 0 ? nil : .decayWeights(weightDecay, rate)
    }

    private var trace: GradientTransformation? {
        guard momentum != 0 else { return nil }
        return .trace(
            Momentum(momentum: momentum, dampening: dampening, isNesterov: nesterov))
    }

    private var slowing: GradientTransformation? {
        learningRateDecay == 0 ? nil : .decayRate(learningRateDecay)
    }

    private var moments: Moments {
        Moments(
            decays: betas.decays, epsilon: epsilon, correction: correction, usesMaximum: amsgrad,
            includesThreshold: name == .radam && convention == .referenceAdvanced)
    }

    private var correction: Moments.Correction {
        switch (name, convention) {
        case (.adam, .torch), (.adam, .reference), (.adam, .referenceAdvanced), (.adamw, .torch),
            (.adamw, .referenceAdvanced):
            .withinRoot
        case (.adam, .keras), (.adamw, .keras), (.adamw, .reference), (.radam, _), (.ranger, _),
            (.sgd, _), (.sgdw, _), (.adagrad, _), (.rmsprop, _):
            .asWhole
        }
    }

    private var squareSum: SquareSum {
        SquareSum(
            start: initialAccumulator, epsilon: epsilon, isEpsilonInside: convention == .keras)
    }

    private var squareAverage: SquareAverage {
        SquareAverage(
            decay: rho, epsilon: epsilon, isEpsilonInside: convention == .keras,
            isCentered: centered)
    }
}

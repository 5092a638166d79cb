import Graphs

extension Recipe: CustomStringConvertible {
    /// The chain, one ingredient after the other, with all its constants: equal texts are equal
    /// optimizers.
    public var description: String {
        let ingredients = transformation.ingredients + (lookahead.map { [$0.text] } ?? [])
        return ingredients.joined(separator: " → ")
    }

    /// The update rule that the chain stands for, one line per assignment; t is the number of the
    /// update, from 1.
    public var formula: String {
        (["u ← g"] + transformation.formulaLines + (lookahead?.formulaLines ?? ["w ← w − u"]))
            .joined(separator: "\n")
    }
}

extension GradientTransformation {
    fileprivate var ingredients: [String] {
        switch self {
        case .chain(let transformations): transformations.flatMap(\.ingredients)
        case .clipByGlobalNorm(let maximum): ["clipByGlobalNorm(\(maximum))"]
        case .addDecayedWeights(let decay): ["addDecayedWeights(\(decay))"]
        case .centralize(let scope): ["centralize(\(scope.rawValue))"]
        case .trace(let momentum): ["trace(\(momentum.text))"]
        case .scaleByAdam(let moments): ["scaleByAdam(\(moments.text))"]
        case .momentRatio(let moments): ["momentRatio(\(moments.text))"]
        case .correctBias(let moments): ["correctBias(\(moments.correctionText))"]
        case .rectifiedRatio(let moments): ["rectifiedRatio(\(moments.rectifiedText))"]
        case .rectify(let moments): ["rectify(\(moments.rectifiedText))"]
        case .scaleByRootSumSquares(let sum): ["scaleByRootSumSquares(\(sum.text))"]
        case .scaleByRMS(let average): ["scaleByRMS(\(average.text))"]
        case .decayRate(let decay): ["decayRate(\(decay))"]
        case .scaleByLearningRate(let rate): ["scaleByLearningRate(\(rate.text))"]
        case .decayWeights(let decay, let rate): ["decayWeights(\(decay), \(rate.text))"]
        }
    }

    fileprivate var formulaLines: [String] {
        switch self {
        case .chain(let transformations): transformations.flatMap(\.formulaLines)
        case .clipByGlobalNorm(let maximum):
            ["u ← u · min(1, \(maximum)/(‖g‖ + 1e-06)), the norm of all gradients together"]
        case .addDecayedWeights(let decay): ["u ← u + \(decay)·w"]
        case .centralize(let scope):
            ["u ← u − mean(u) over the fan-in of each output (\(scope.kernels))"]
        case .trace(let momentum): momentum.formulaLines
        case .scaleByAdam(let moments):
            moments.formulaLines + ["u ← \(moments.correctionFormula) · \(moments.ratioFormula)"]
        case .momentRatio(let moments): moments.formulaLines + ["u ← \(moments.ratioFormula)"]
        case .correctBias(let moments): ["u ← \(moments.correctionFormula) · u"]
        case .rectifiedRatio(let moments):
            moments.formulaLines + moments.lengthLines
                + ["u ← \(moments.ratioFormula) if ρ \(moments.comparison) 5, else m"]
        case .rectify(let moments): moments.rectificationLines
        case .scaleByRootSumSquares(let sum): sum.formulaLines
        case .scaleByRMS(let average): average.formulaLines
        case .decayRate(let decay): ["u ← u / (1 + \(decay)·(t − 1))"]
        case .scaleByLearningRate(let rate): ["u ← \(rate.text)·u"]
        case .decayWeights(let decay, let rate): ["u ← u + \(rate.text)·\(decay)·w"]
        }
    }
}

extension CentralizationScope {
    fileprivate var kernels: String {
        switch self {
        case .convolution: "convolution kernels"
        case .convolutionAndDense: "convolution and dense kernels"
        }
    }
}

extension LearningRate {
    fileprivate var text: String {
        switch self {
        case .scheduled(let factor): factor == 1 ? "η" : "\(factor)·η"
        case .constant(let rate): "\(rate)"
        }
    }
}

import Graphs

extension Recipe: CustomStringConvertible {
    /// The chain, one ingredient after the other.
    public var description: String {
        transformation.ingredients.joined(separator: " → ") + " → −η·d"
    }

    /// The update rule that the chain stands for, one line per assignment.
    public var formula: String {
        (["u = g"] + transformation.formulaLines + ["w ← w − η·u"]).joined(separator: "\n")
    }
}

extension GradientTransformation {
    fileprivate var ingredients: [String] {
        switch self {
        case .chain(let transformations): transformations.flatMap(\.ingredients)
        case .addDecayedWeights(let decay): decay == 0 ? [] : ["addDecayedWeights(\(decay))"]
        case .centralize(let scope): ["centralize(\(scope.rawValue))"]
        case .trace(let momentum):
            momentum.momentum == 0
                ? []
                : [
                    "trace(\(momentum.momentum)"
                        + (momentum.dampening == 0 ? "" : ", dampening \(momentum.dampening)")
                        + (momentum.isNesterov ? ", Nesterov" : "") + ")"
                ]
        }
    }

    fileprivate var formulaLines: [String] {
        switch self {
        case .chain(let transformations): return transformations.flatMap(\.formulaLines)
        case .addDecayedWeights(let decay): return decay == 0 ? [] : ["u ← u + \(decay)·w"]
        case .centralize(let scope):
            let kernels = scope == .convolution ? "convolution" : "convolution and dense"
            return ["u ← u − mean(u) over the fan-in of each output (\(kernels) kernels)"]
        case .trace(let momentum):
            guard momentum.momentum != 0 else { return [] }
            let kept = momentum.dampening == 0 ? "u" : "\(1 - momentum.dampening)·u"
            return [
                "m ← u at the first step, else \(momentum.momentum)·m + \(kept)",
                momentum.isNesterov ? "u ← u + \(momentum.momentum)·m" : "u ← m",
            ]
        }
    }
}

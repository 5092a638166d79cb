import Graphs

// The constants of ingredients as text, and the lines of their formulas.

extension Momentum {
    var text: String {
        "\(momentum)" + (dampening == 0 ? "" : ", dampening \(dampening)")
            + (isNesterov ? ", Nesterov" : "")
    }

    var formulaLines: [String] {
        let kept = dampening == 0 ? "u" : "\(1 - dampening)·u"
        return [
            "m ← u at the first step, else \(momentum)·m + \(kept)",
            isNesterov ? "u ← u + \(momentum)·m" : "u ← m",
        ]
    }
}

extension Moments {
    var text: String {
        let place = correction == .withinRoot ? "corrected root" : "plain root"
        return "\(decays.first), \(decays.second), ε \(epsilon) beside the \(place)"
            + (usesMaximum ? ", AMSGrad" : "")
    }

    var rectifiedText: String { "\(text), ρ \(comparison) 5" }

    var correctionText: String {
        switch correction {
        case .withinRoot: "\(decays.first)"
        case .asWhole: "\(decays.first), \(decays.second)"
        }
    }

    var comparison: String { includesThreshold ? "≥" : ">" }

    var formulaLines: [String] {
        [
            "m ← \(decays.first)·m + (1 − \(decays.first))·u",
            "v ← \(decays.second)·v + (1 − \(decays.second))·u²",
        ] + (usesMaximum ? ["v̂ ← max(v̂, v)"] : [])
    }

    var ratioFormula: String {
        let square = usesMaximum ? "v̂" : "v"
        return switch correction {
        case .withinRoot: "m/(√(\(square)/(1 − \(decays.second)ᵗ)) + \(epsilon))"
        case .asWhole: "m/(√\(square) + \(epsilon))"
        }
    }

    var correctionFormula: String {
        let first = "(1 − \(decays.first)ᵗ)"
        return switch correction {
        case .withinRoot: "1/\(first)"
        case .asWhole: "√(1 − \(decays.second)ᵗ)/\(first)"
        }
    }

    var lengthLines: [String] {
        let limit = 2 / (1 - decays.second) - 1
        return ["ρ = ρ∞ − 2·t·\(decays.second)ᵗ/(1 − \(decays.second)ᵗ), ρ∞ = \(limit)"]
    }

    var rectificationLines: [String] {
        [
            "r = √((ρ − 4)(ρ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ))",
            "u ← r·\(correctionFormula) · u if ρ \(comparison) 5, else u/(1 − \(decays.first)ᵗ)",
        ]
    }
}

extension SquareSum {
    var text: String {
        "from \(start), ε \(epsilon) \(isEpsilonInside ? "inside" : "beside") the root"
    }

    var formulaLines: [String] {
        [
            start == 0 ? "s ← s + u²" : "s ← s + u², from \(start)",
            isEpsilonInside ? "u ← u/√(s + \(epsilon))" : "u ← u/(√s + \(epsilon))",
        ]
    }
}

extension SquareAverage {
    var text: String {
        "\(decay), ε \(epsilon) \(isEpsilonInside ? "inside" : "beside") the root"
            + (isCentered ? ", centered" : "")
    }

    var formulaLines: [String] {
        let square = isCentered ? "v − a²" : "v"
        let root = isCentered ? "√(v − a²)" : "√v"
        return ["v ← \(decay)·v + (1 − \(decay))·u²"]
            + (isCentered ? ["a ← \(decay)·a + (1 − \(decay))·u"] : [])
            + [isEpsilonInside ? "u ← u/√(\(square) + \(epsilon))" : "u ← u/(\(root) + \(epsilon))"]
    }
}

extension Lookahead {
    var text: String {
        "lookahead(\(period), \(share)\(start == .afterFirst ? ", after the first step" : ""))"
    }

    var formulaLines: [String] {
        switch start {
        case .beforeFirst:
            ["w ← w − u", "every \(period) steps: s ← s + \(share)·(w − s), w ← s; s = w at first"]
        case .afterFirst:
            [
                "w ← w − u; s = w after the first step",
                "at steps 1, \(1 + period), …: s ← s + \(share)·(w − s), w ← s",
            ]
        }
    }
}

import Graphs

extension Moments {
    typealias Coefficient = UpdateContext.Coefficient
    private typealias Source = UpdateProgram.Source

    /// The correction of the ratio as a whole.
    var wholeCorrection: StepCoefficient {
        switch correction {
        case .withinRoot: .correction(decay: decays.first)
        case .asWhole: .correctionRatio(decays)
        }
    }

    var rectification: Rectification {
        Rectification(decays: decays, includesThreshold: includesThreshold)
    }

    /// The ratio of the moments, with its correction as a whole or without.
    func write(_ site: inout UpdateSite, _ context: inout UpdateContext, corrects: Bool)
        throws(ShapeError)
    {
        let variables = stateVariables(of: site.variable, in: context.graph)
        try site.write(in: &context) { writer, u, context throws(ShapeError) in
            let moments = advance(variables, by: u, &writer)
            let alpha: Coefficient = corrects ? try context.coefficient(wholeCorrection) : 1
            let ratio = try ratio(moments, times: alpha, &writer, &context)
            return UpdateOutcome(update: ratio, states: moments.states)
        }
    }

    /// m/(√v + ε) where the second moment is trusted, else m. A uniform choice by two factors, of
    /// which one is zero: one plan serves all steps.
    func writeRectified(_ site: inout UpdateSite, _ context: inout UpdateContext)
        throws(ShapeError)
    {
        let variables = stateVariables(of: site.variable, in: context.graph)
        try site.write(in: &context) { writer, u, context throws(ShapeError) in
            let moments = advance(variables, by: u, &writer)
            let ratio = try ratio(moments, times: 1, &writer, &context)
            let update = writer.sum(
                try context.coefficient(.rectification(rectification, .isPlain)), moments.first,
                try context.coefficient(.rectification(rectification, .isAdaptive)), ratio)
            return UpdateOutcome(update: update, states: moments.states)
        }
    }

    // MARK: - States

    private struct Variables {
        let first: Value
        let second: Value
        let maximum: Value?
    }

    private struct Advanced {
        let first: Source
        /// What the denominator is the root of.
        let square: Source
        let states: [(variable: Value, next: Source)]
    }

    private func stateVariables(of variable: Variable, in graph: GraphBuilder) -> Variables {
        Variables(
            first: graph.optimizerState("exp_avg", of: variable),
            second: graph.optimizerState("exp_avg_sq", of: variable),
            maximum: usesMaximum ? graph.optimizerState("max_exp_avg_sq", of: variable) : nil)
    }

    private func advance(
        _ variables: Variables, by u: Source, _ writer: inout UpdateWriter
    ) -> Advanced {
        let first = writer.sum(
            .init(decays.first), writer.tensor(variables.first), .init(1 - decays.first), u)
        let second = writer.product(
            .init(1 - decays.second), u, u, plus: .init(decays.second),
            writer.tensor(variables.second))
        var states = [(variables.first, first), (variables.second, second)]
        guard let variable = variables.maximum else {
            return Advanced(first: first, square: second, states: states)
        }
        let maximum = writer.maximum(writer.tensor(variable), second)
        states.append((variable, maximum))
        return Advanced(first: first, square: maximum, states: states)
    }

    private func ratio(
        _ moments: Advanced, times alpha: Coefficient, _ writer: inout UpdateWriter,
        _ context: inout UpdateContext
    ) throws(ShapeError) -> Source {
        let root: Coefficient =
            switch correction {
            case .withinRoot: try context.coefficient(.rootCorrection(decay: decays.second))
            case .asWhole: 1
            }
        return writer.ratio(
            alpha, moments.first, over: root, rootOf: moments.square, inner: 0, outer: epsilon)
    }
}

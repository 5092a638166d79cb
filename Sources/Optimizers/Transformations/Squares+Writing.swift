import Graphs

extension SquareSum {
    func write(_ site: inout UpdateSite, _ context: inout UpdateContext) throws(ShapeError) {
        let sum = context.graph.optimizerState("sum", of: site.variable, startingAt: start)
        try site.write(in: &context) { writer, u, _ in
            let next = writer.product(1, u, u, plus: 1, writer.tensor(sum))
            let update = writer.ratio(
                1, u, over: 1, rootOf: next, inner: isEpsilonInside ? epsilon : 0,
                outer: isEpsilonInside ? 0 : epsilon)
            return UpdateOutcome(update: update, states: [(sum, next)])
        }
    }
}

extension SquareAverage {
    func write(_ site: inout UpdateSite, _ context: inout UpdateContext) throws(ShapeError) {
        let square = context.graph.optimizerState("square_avg", of: site.variable)
        let mean = isCentered ? context.graph.optimizerState("grad_avg", of: site.variable) : nil
        try site.write(in: &context) { writer, u, _ in
            let next = writer.product(
                .init(1 - decay), u, u, plus: .init(decay), writer.tensor(square))
            var (variance, states) = (next, [(square, next)])
            if let mean {
                let average = writer.sum(
                    .init(decay), writer.tensor(mean), .init(1 - decay), u)
                variance = writer.product(-1, average, average, plus: 1, next)
                states.append((mean, average))
            }
            let update = writer.ratio(
                1, u, over: 1, rootOf: variance, inner: isEpsilonInside ? epsilon : 0,
                outer: isEpsilonInside ? 0 : epsilon)
            return UpdateOutcome(update: update, states: states)
        }
    }
}

import Graphs

/// The end of every chain: w ← w − u, and Lookahead's slow weights where there are some.
struct Descent {
    let lookahead: Lookahead?

    func write(_ site: UpdateSite, _ context: inout UpdateContext) throws(ShapeError) {
        let weight = site.variable.value
        var writer = UpdateWriter()
        let (w, u) = (writer.tensor(weight), writer.tensor(site.update))
        let moved = writer.sum(1, w, -1, u)
        guard let lookahead else {
            let new = try writer.apply(returning: [moved], in: context.graph)
            return context.graph.assign(new[0], to: weight)
        }
        let slow = context.graph.optimizerState("slow_buffer", of: site.variable)
        func part(_ part: Lookahead.Part) throws(ShapeError) -> UpdateContext.Coefficient {
            try context.coefficient(.lookahead(lookahead, part))
        }
        // Slow weights rest between synchronizations: with factors 1 and 0 a kernel that works
        // in place has nothing to do.
        let pulled = writer.sum(try part(.oldWeight), w, try part(.newWeight), moved)
        let next = writer.sum(
            try part(.keptSlow), writer.tensor(slow), try part(.isMoving), pulled)
        let met = writer.sum(try part(.isApart), moved, try part(.isMeeting), next)
        let results = try writer.apply(returning: [met, next], in: context.graph)
        context.graph.assign(results[0], to: weight)
        context.graph.assign(results[1], to: slow)
    }
}

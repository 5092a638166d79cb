import Graphs
import Tensors

extension ConformanceCase {
    static let updates = [decays, centralizations, traces, descents, fusedUpdates].flatMap { $0 }

    private static let shapes: [Shape] = [[17], [10, 64], [16, 3, 3, 3], [48, 17, 1, 1]]

    private static let decays = shapes.map { shape in
        ConformanceCase("add scaled \(shape)", .elementWise) { writer throws(ShapeError) in
            let (a, b) = (writer.master("a", shape), writer.weight("w", shape))
            try writer.apply(.addScaled(AddScaled(factor: 5e-4)), to: [a, b])
        }
    }

    private static let centralizations = shapes.filter { $0.rank > 1 }.flatMap { shape in
        [0, 1].map { axis in
            ConformanceCase("centralize \(shape) along \(axis)", .sum) {
                writer throws(ShapeError) in
                let u = writer.master("u", shape)
                try writer.apply(.centralize(Centralize(outputAxis: axis)), to: [u])
            }
        }
    }

    private static let momenta = [
        ("momentum", Momentum(momentum: 0.9)),
        ("Nesterov momentum", Momentum(momentum: 0.9, isNesterov: true)),
        ("dampened momentum", Momentum(momentum: 0.9, dampening: 0.3)),
    ]

    /// Three steps, so that the first one and the others are seen.
    private static let traces = shapes.flatMap { shape in
        momenta.map { name, momentum in
            ConformanceCase("\(name) \(shape)", .elementWise, steps: 3) {
                writer throws(ShapeError) in
                let (u, m) = (writer.master("u", shape), writer.state("m", shape))
                let step = writer.master("step", .scalar, .stepNumber)
                let results = try writer.apply(.trace(Trace(momentum)), to: [u, m, step])
                writer.graph.assign(results[1], to: m)
            }
        }
    }

    private static let descents = shapes.map { shape in
        ConformanceCase("descend \(shape)", .elementWise, steps: 2) { writer throws(ShapeError) in
            let (w, d) = (writer.weight("w", shape), writer.master("d", shape))
            let rate = writer.master("rate", .scalar, .constant(0.1))
            writer.graph.assign(
                try writer.graph.apply(.descend(Descend()), to: [w, d, rate])[0], to: w)
        }
    }

    private static let fusedUpdates = shapes.flatMap { shape in
        let axes: [Int?] = shape.rank > 1 ? [nil, 0] : [nil]
        return axes.flatMap { axis in
            fusedUpdates(shape, decay: 0, axis: axis) + fusedUpdates(shape, decay: 5e-4, axis: axis)
        }
    }

    private static func fusedUpdates(_ shape: Shape, decay: Double, axis: Int?)
        -> [ConformanceCase]
    {
        let kinds: [(String, Momentum?)] = [("no momentum", nil)] + momenta.map { ($0, $1) }
        return kinds.map { fusedUpdate(shape, decay: decay, axis: axis, $0, $1) }
    }

    private static func fusedUpdate(
        _ shape: Shape, decay: Double, axis: Int?, _ name: String, _ momentum: Momentum?
    ) -> ConformanceCase {
        let rule = FusedUpdate(weightDecay: decay, centralizedAxis: axis, momentum: momentum)
        return ConformanceCase("\(rule.name) \(shape), decay \(decay), \(name)", .sum, steps: 3) {
            writer throws(ShapeError) in
            let (w, g) = (writer.weight("w", shape), writer.master("g", shape))
            let rate = writer.master("rate", .scalar, .constant(0.1))
            let m = momentum == nil ? nil : writer.state("m", shape)
            let step = momentum == nil ? nil : writer.master("step", .scalar, .stepNumber)
            let results = try writer.graph.apply(
                .fusedUpdate(rule), to: [w, g, rate] + [m, step].compactMap { $0 })
            writer.graph.assign(results[0], to: w)
            if let m { writer.graph.assign(results[1], to: m) }
            if axis != nil { writer.graph.output("energies", results[results.count - 1]) }
        }
    }
}

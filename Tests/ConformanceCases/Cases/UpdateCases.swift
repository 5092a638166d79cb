import Graphs
import Optimizers
import Tensors

extension ConformanceCase {
    static let updates = [instructions, centralizations, chains, norms].flatMap { $0 }

    /// Odd sizes, several blocks, outputs that fill no vector, a mean over few and over many.
    private static let shapes: [Shape] = [
        [17], [10, 64], [16, 3, 3, 3], [48, 17, 1, 1], [3, 2100], [20, 12, 3, 3],
    ]

    // MARK: - Single instructions

    private static let instructions = shapes.flatMap { shape in
        programs.map { name, write in
            ConformanceCase("update \(name) \(shape)", .elementWise) { writer throws(ShapeError) in
                let rate = writer.master("rate", .scalar, .constant(0.3))
                var program = UpdateWriter()
                let a = program.tensor(writer.master("a", shape))
                let b = program.tensor(writer.master("b", shape))
                let c = program.tensor(writer.master("c", shape, .uniform(0.1..<1)))
                let result = write(&program, a, b, c, UpdateWriter.Coefficient(0.7, rate))
                let value = try program.apply(returning: [result], in: writer.graph)[0]
                writer.graph.output("y", value)
            }
        }
    }

    private typealias Source = UpdateProgram.Source
    private typealias Write =
        @Sendable (inout UpdateWriter, Source, Source, Source, UpdateWriter.Coefficient) -> Source

    private static let programs: [(String, Write)] = [
        ("scaled", { program, a, _, _, rate in program.scaled(rate, a) }),
        ("sum", { program, a, b, _, rate in program.sum(0.9, a, rate, b) }),
        ("plain sum", { program, a, b, _, _ in program.sum(1, a, 1, b) }),
        ("sum with a first factor", { program, a, b, _, rate in program.sum(rate, a, 1, b) }),
        ("sum with a sleeping part", { program, a, b, _, _ in program.sum(0.5, a, 0, b) }),
        ("product", { program, a, b, c, rate in program.product(rate, a, b, plus: 0.9, c) }),
        ("maximum", { program, a, b, _, _ in program.maximum(a, b) }),
        (
            "ratio",
            { program, a, _, c, rate in
                program.ratio(rate, a, over: 0.5, rootOf: c, inner: 1e-3, outer: 1e-2)
            }
        ),
        // A variance that rounding made negative counts as none.
        (
            "ratio of a negative square",
            { program, a, b, _, _ in
                program.ratio(1, a, over: 1, rootOf: b, inner: 0.1, outer: 0.1)
            }
        ),
    ]

    // MARK: - Centralization

    /// Outputs on the first axis, as most; on the second, as of a transposed convolution.
    private static let centralizations = shapes.filter { $0.rank > 1 }.flatMap { shape in
        [0, 1].flatMap { axis in [true, false].map { centralization(shape, axis, isLast: $0) } }
    }

    private static func centralization(_ shape: Shape, _ axis: Int, isLast: Bool)
        -> ConformanceCase
    {
        let name = "centralize \(shape) along \(axis)\(isLast ? "" : ", then add")"
        return ConformanceCase(name, .sum) { writer throws(ShapeError) in
            var program = UpdateWriter()
            let u = program.tensor(writer.master("u", shape))
            let w = program.tensor(writer.weight("w", shape))
            let sum = program.sum(1, u, 0.25, w)
            let centralized = program.centralize(sum, outputAxis: axis)
            let results =
                isLast
                ? [centralized, sum] : [program.sum(2, w, -0.5, centralized), centralized]
            let values = try program.apply(returning: results, in: writer.graph)
            for (index, value) in values.enumerated() { writer.graph.output("y\(index)", value) }
        }
    }

    // MARK: - Whole chains

    private static let chains =
        OptimizerName.allCases.flatMap { name in
            name.conventions.flatMap { convention in
                name.modes.map { chain(name, convention, $0) }
            }
        } + [
            chain(.sgd, .torch, .gc, nesterov: true), chain(.sgd, .torch, .none, dampening: 0.3),
            chain(.adam, .torch, .gc2, lookahead: 2),
            chain(.adamw, .reference, .gc2, amsgrad: true),
            chain(.rmsprop, .keras, .gc2, centered: true), chain(.sgd, .torch, .gc, clipNorm: 0.5),
        ]

    /// Three steps, so that the first one and the others are seen. A large ε, because a ratio of
    /// moments near zero has no stable digits.
    private static func chain(
        _ name: OptimizerName, _ convention: OptimizerConvention,
        _ mode: GradientCentralizationMode, nesterov: Bool = false, dampening: Double = 0,
        amsgrad: Bool = false, centered: Bool = false, lookahead: Int? = nil, clipNorm: Double = 0
    ) -> ConformanceCase {
        let settings = OptimizerSettings(
            name: name, convention: convention, learningRate: 0.1,
            momentum: name.isAdaptive && !centered ? 0 : 0.9, dampening: dampening,
            weightDecay: 5e-4, nesterov: nesterov, epsilon: 1e-2, amsgrad: amsgrad,
            centered: centered,
            lookahead: lookahead, clipNorm: clipNorm)
        let recipe = Recipe(settings, mode)
        let title = "chain \(convention.rawValue) \(mode.rawValue) \(recipe)"
        return ConformanceCase(title, .sum, steps: 3) { writer throws(ShapeError) in
            var gradients: [(String, Value)] = []
            for (number, shape) in shapes.enumerated() {
                let role: ParameterRole = shape.rank == 4 ? .convolutionKernel : .denseKernel
                _ = writer.weight("w\(number)", shape, role)
                gradients.append(("w\(number)", writer.master("g\(number)", shape)))
            }
            let variables = writer.graph.finish()
            try recipe.writeUpdates(
                gradients.compactMap { path, gradient in
                    variables.variable(path).map { ($0, gradient) }
                },
                learningRate: writer.master("rate", .scalar, .constant(0.1)),
                step: writer.master("step", .scalar, .stepNumber), in: writer.graph)
            for variable in writer.graph.finish().variables where variable.parameter == nil {
                writer.numbers[variable.path] = .constant(variable.start)
            }
        }
    }

    // MARK: - Scalars

    private static let norms = shapes.map { shape in
        ConformanceCase("clipping factor of \(shape)", .sum) { writer throws(ShapeError) in
            let norm = try writer.apply(
                .squaredNorm(SquaredNorm()), to: [writer.master("g", shape)])[0]
            try writer.apply(
                .clippingFactor(ClippingFactor(maximum: 0.5)), to: [norm], output: "factor")
        }
    }
}

extension Variable {
    /// What a state starts from.
    fileprivate var start: Double {
        if case .constant(let number) = initializer { number } else { 0 }
    }
}

public import Tensors

/// Whose statistics a normalization takes.
public enum StatisticsScope: Hashable, Sendable, Codable {
    /// One mean and variance per channel, over batch and space: statistics `[C]`.
    case batch
    /// One per image and group of C/groups channels, over space: statistics `[N, groups]`.
    case group(groups: Int)

    func statisticsShape(of x: Shape, operation: String) throws(ShapeError) -> Shape {
        guard x.rank == 4, x.count > 0 else {
            throw ShapeError(operation, "\(x) is not [N, C, H, W] with elements")
        }
        switch self {
        case .batch: return [x[1]]
        case .group(let groups):
            guard groups > 0, x[1] % groups == 0 else {
                throw ShapeError(
                    operation, "\(x[1]) channels cannot be split into \(groups) groups")
            }
            return [x[0], groups]
        }
    }
}

/// y = act(γ·(x − μ)/√(σ² + ε) + β [+ r]) with the batch's own statistics; σ² is biased.
///
/// Operands: x `[N, C, H, W]`, γ `[C]`, β `[C]`, and r like x if a residual is added.
/// Results: y, μ and σ² (shape by ``StatisticsScope``, master precision).
public struct NormalizationForward: OperationRule {
    public let statistics: StatisticsScope
    public let epsilon: Double
    public let epilogue: Epilogue

    public init(
        statistics: StatisticsScope, epsilon: Double, epilogue: Epilogue = .none
    ) {
        self.statistics = statistics
        self.epsilon = epsilon
        self.epilogue = epilogue
    }

    public var name: String { "normalization" + epilogue.suffix }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: epilogue.addsResidual ? 4...4 : 3...3)
        let x = operands[0]
        let shape = try statistics.statisticsShape(of: x.shape, operation: name)
        try expectAffine(operands[1], operands[2], channels: x.shape[1])
        if epilogue.addsResidual {
            try expect(operands[3] == x, "residual \(operands[3]) is not \(x)")
        }
        let statistic = TensorSpec(shape, x.scalarType.master)
        return [x, statistic, statistic]
    }

    /// Written before fusion, so there is no epilogue to differentiate.
    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return node.operands.map { _ in nil } }
        try expect(epilogue == .none, "differentiate before fusing")
        let (x, scale, shift) = (node.operands[0], node.operands[1], node.operands[2])
        let gradients = try graph.apply(
            .normalizationGradient(
                NormalizationGradient(statistics: statistics, epsilon: epsilon)),
            to: [gradient, x, scale, shift, node.results[1], node.results[2]])
        return gradients
    }
}

/// The gradient of ``NormalizationForward``.
///
/// Operands: dy, x, γ, β, μ, σ², and y when the epilogue applies ReLU (dy counts where y > 0).
/// Results: dx, dγ `[C]`, dβ `[C]`, and dr when a residual was added.
public struct NormalizationGradient: OperationRule {
    public let statistics: StatisticsScope
    public let epsilon: Double
    public let epilogue: Epilogue

    public init(
        statistics: StatisticsScope, epsilon: Double, epilogue: Epilogue = .none
    ) {
        self.statistics = statistics
        self.epsilon = epsilon
        self.epilogue = epilogue
    }

    public var name: String { "normalization gradient" + epilogue.suffix }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: epilogue.appliesRelu ? 7...7 : 6...6)
        let (dy, x) = (operands[0], operands[1])
        try expect(dy == x, "dy \(dy) is not \(x)")
        try expectAffine(operands[2], operands[3], channels: x.shape[1])
        let shape = try statistics.statisticsShape(of: x.shape, operation: name)
        try expect(
            operands[4].shape == shape && operands[5].shape == shape,
            "statistics \(operands[4].shape) and \(operands[5].shape) are not \(shape)")
        let affine = TensorSpec([x.shape[1]], x.scalarType.master)
        return [x, affine, affine] + (epilogue.addsResidual ? [x] : [])
    }
}

/// y = act(γ·(x − μ)/√(σ² + ε) + β [+ r]) with given statistics (evaluation of batch norm).
///
/// Operands: x `[N, C, H, W]`, γ, β, μ, σ² (`[C]` each), and r like x if a residual is added.
/// In training γ, β, μ and σ² are constants: frozen batch norm.
public struct NormalizationInference: OperationRule {
    public let epsilon: Double
    public let epilogue: Epilogue

    public init(epsilon: Double, epilogue: Epilogue = .none) {
        self.epsilon = epsilon
        self.epilogue = epilogue
    }

    public var name: String { "normalization inference" + epilogue.suffix }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: epilogue.addsResidual ? 6...6 : 5...5)
        let x = operands[0]
        try expect(x.shape.rank == 4, "\(x.shape) is not [N, C, H, W]")
        try expectAffine(operands[1], operands[2], channels: x.shape[1])
        try expectAffine(operands[3], operands[4], channels: x.shape[1])
        if epilogue.addsResidual {
            try expect(operands[5] == x, "residual \(operands[5]) is not \(x)")
        }
        return [x]
    }

    /// dx = γ·dy/√(σ² + ε): the same operation on dy, with neither mean nor shift.
    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return node.operands.map { _ in nil } }
        try expect(epilogue == .none, "differentiate before fusing")
        try expect(
            !node.wanted.dropFirst().contains(true),
            "scale, shift and statistics are constants here and cannot be trained")
        let (scale, variance) = (node.operands[1], node.operands[4])
        let zero = try graph.apply(.constant(Constant(0, spec: scale.spec)), to: [])[0]
        return try graph.apply(
            .normalizationInference(self), to: [gradient, scale, zero, zero, variance])
            + [nil, nil, nil, nil]
    }
}

/// r' = (1 − rate)·r + rate·factor·s: a running statistic. Operands: r, s.
///
/// For the running variance, `factor` n/(n − 1) makes the biased batch variance unbiased.
public struct ExponentialAverage: OperationRule {
    public let rate: Double
    public let factor: Double

    public init(rate: Double, factor: Double = 1) {
        self.rate = rate
        self.factor = factor
    }

    public var name: String { "exponential average" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 2...2)
        try expect(operands[0] == operands[1], "\(operands[0]) is not \(operands[1])")
        return [operands[0]]
    }
}

extension OperationRule {
    fileprivate func expectAffine(_ scale: TensorSpec, _ shift: TensorSpec, channels: Int)
        throws(ShapeError)
    {
        try expect(
            scale.shape == [channels] && shift.shape == [channels],
            "\(scale.shape) and \(shift.shape) do not fit \(channels) channels")
    }
}

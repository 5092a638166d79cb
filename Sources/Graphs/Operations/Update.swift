public import Tensors

/// y = a + factor · b: L2 decay when a is the gradient and b the weight.
public struct AddScaled: OperationRule {
    public let factor: Double

    public init(factor: Double) { self.factor = factor }

    public var name: String { "add scaled" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 2...2)
        try expect(operands[0] == operands[1], "\(operands[0]) is not \(operands[1])")
        return [operands[0]]
    }
}

/// u − mean(u), the mean of each output slice over its fan-in: u ↦ (I − e·eᵀ)·u.
///
/// Operand: u. Results: the centralized u, and `[2]`: the removed energy Σ (eᵀu)² and the whole
/// energy Σ u².
///
/// *Reference:* Gradient Centralization, ECCV 2020, equation 1; reference §1.1.
public struct Centralize: OperationRule {
    public let outputAxis: Int

    public init(outputAxis: Int) { self.outputAxis = outputAxis }

    public var name: String { "centralize" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 1...1)
        try expect(
            outputAxis < operands[0].shape.rank, "\(operands[0].shape) has no axis \(outputAxis)")
        return [operands[0], TensorSpec([2], operands[0].scalarType)]
    }
}

/// Momentum: m' = u at the first step, then μ·m + (1 − dampening)·u; the direction is m', or
/// u + μ·m' with Nesterov.
public struct Momentum: Hashable, Sendable, Codable {
    public let momentum: Double
    public let dampening: Double
    public let isNesterov: Bool

    public init(momentum: Double, dampening: Double = 0, isNesterov: Bool = false) {
        self.momentum = momentum
        self.dampening = dampening
        self.isNesterov = isNesterov
    }
}

/// ``Momentum`` as an operation. Operands: u, m, the step number `[]` (0 at the first step).
/// Results: the direction, m'.
public struct Trace: OperationRule {
    public let momentum: Momentum

    public init(_ momentum: Momentum) { self.momentum = momentum }

    public var name: String { "trace" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 3...3)
        try expect(
            operands[0] == operands[1] && operands[2].shape == .scalar,
            "update \(operands[0]), momentum \(operands[1]), step \(operands[2])")
        return [operands[0], operands[1]]
    }
}

/// w' = w − η·d. Operands: w, d, η `[]`.
public struct Descend: OperationRule {
    public init() {}

    public var name: String { "descend" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 3...3)
        try expect(
            operands[0] == operands[1] && operands[2].shape == .scalar,
            "weight \(operands[0]), direction \(operands[1]), rate \(operands[2])")
        return [operands[0]]
    }
}

/// ``AddScaled``, ``Centralize``, ``Trace`` and ``Descend`` in one pass over the weights.
///
/// Operands: w, g, η `[]`, then with momentum m and the step number `[]`.
/// Results: w', then m' with momentum, then the energies `[2]` when it centralizes.
public struct FusedUpdate: OperationRule {
    /// λ of g + λ·w; 0 for none.
    public let weightDecay: Double
    /// The output axis to centralize along; nil for no centralization.
    public let centralizedAxis: Int?
    public let momentum: Momentum?

    public init(weightDecay: Double, centralizedAxis: Int?, momentum: Momentum?) {
        self.weightDecay = weightDecay
        self.centralizedAxis = centralizedAxis
        self.momentum = momentum
    }

    public var name: String { centralizedAxis == nil ? "update" : "centralized update" }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: momentum == nil ? 3...3 : 5...5)
        let weight = operands[0]
        try expect(operands[1] == weight, "gradient \(operands[1]) is not \(weight)")
        var results = [weight]
        if momentum != nil { results.append(weight) }
        if centralizedAxis != nil { results.append(TensorSpec([2], weight.scalarType)) }
        return results
    }
}

public import Tensors

/// y = x/(1 − p) where an element is kept, else 0; each is kept with probability 1 − p.
///
/// Which ones are kept depends on the key, the layer and the element's row-major number alone, by
/// ``keeps(_:of:)``: never on layout, threads or what ran before, so that a resumed run goes on with
/// the masks it would have had, and the backward pass draws the forward pass's mask again instead of
/// storing it.
///
/// Operands: x, and the key int64 `[]` that the host derives from seed and step. Result: y.
///
/// *Reference:* Srivastava et al., "Dropout: a simple way to prevent neural networks from
/// overfitting", 2014, with the survivors scaled in training.
public struct Dropout: OperationRule {
    /// p, in `0 ..< 1`.
    public let rate: Double
    /// What tells layers apart: the digest of the layer's path.
    public let layer: UInt64

    public init(rate: Double, layer: UInt64) {
        precondition((0..<1).contains(rate), "dropout of \(rate)")
        self.rate = rate
        self.layer = layer
    }

    public var name: String { "dropout" }

    /// What survivors are multiplied by.
    public var scale: Double { 1 / (1 - rate) }

    /// Hashes below it are dropped: p · 2³².
    public var threshold: UInt32 { UInt32(rate * 0x1p32) }

    public func results(of operands: [TensorSpec]) throws(ShapeError) -> [TensorSpec] {
        try expect(operands, counts: 2...2)
        try expect(
            operands[0].shape.count <= Int(UInt32.max),
            "\(operands[0].shape) has more than 2³² elements")
        try expect(
            operands[1] == TensorSpec(.scalar, .int64), "\(operands[1]) is no key of int64[]")
        return [operands[0]]
    }

    /// The derivative of a product with a mask is that product again.
    public func operandGradients(of node: DifferentiatedNode, in graph: GraphBuilder)
        throws(ShapeError) -> [Value?]
    {
        guard let gradient = node.resultGradients[0] else { return [nil, nil] }
        return [try graph.apply(.dropout(self), to: [gradient, node.operands[1]])[0], nil]
    }

    // MARK: - The mask

    /// Two words that all elements of a layer share in one step.
    public struct Words: Hashable, Sendable {
        public let first: UInt32
        public let second: UInt32
    }

    /// The layer's words under `key`: splitmix64's mixing of the two.
    public func words(key: Int64) -> Words {
        var mixed = UInt64(bitPattern: key) ^ layer
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return Words(
            first: UInt32(truncatingIfNeeded: mixed),
            second: UInt32(truncatingIfNeeded: mixed >> 32))
    }

    /// Whether element number `index`, counted row-major, survives: two rounds of a 32-bit integer
    /// hash, a few vector instructions for sixteen elements.
    ///
    /// *Reference:* the hash "lowbias32" of C. Wellons, "Prospecting for hash functions", 2018.
    public func keeps(_ index: UInt32, of words: Words) -> Bool {
        Self.hash(Self.hash(index ^ words.first) ^ words.second) >= threshold
    }

    private static func hash(_ x: UInt32) -> UInt32 {
        var x = (x ^ (x >> 16)) &* 0x7FEB_352D
        x = (x ^ (x >> 15)) &* 0x846C_A68B
        return x ^ (x >> 16)
    }
}

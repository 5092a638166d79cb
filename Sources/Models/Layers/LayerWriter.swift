public import Graphs
import Tensors

/// Writes layers into a graph: what every backbone is made of.
///
/// A name is the layer's scope; parameters below it carry torchvision's names.
public struct LayerWriter {
    public let graph: GraphBuilder
    public let normalization: Normalization
    public let initialization: Initialization
    /// Whether every convolution has a bias, also in front of a norm.
    public let biasesConvolutions: Bool
    /// Whether norms take the batch's statistics and update the running ones, and layers drop.
    public let isTraining: Bool
    /// Where dropout takes its numbers from; nil where nothing is dropped.
    public let randomness: Randomness?

    public init(
        graph: GraphBuilder, normalization: Normalization, initialization: Initialization,
        biasesConvolutions: Bool = false, isTraining: Bool, randomness: Randomness? = nil
    ) {
        self.graph = graph
        self.normalization = normalization
        self.initialization = initialization
        self.biasesConvolutions = biasesConvolutions
        self.isTraining = isTraining
        self.randomness = randomness
    }

    // MARK: - Weights

    /// A convolution, of standardized filters if the normalization says so. x `[N, C, H, W]`.
    ///
    /// - Parameter hasBias: whether the network itself gives this convolution a bias.
    public func convolution(
        _ x: Value, _ name: String, outputs: Int, window: Window, groups: Int = 1,
        hasBias: Bool = false
    ) throws(ShapeError) -> Value {
        try graph.scope(name) { () throws(ShapeError) in
            let inputs = x.shape[1] / groups
            let area = window.kernel * window.kernel
            let fans = Initialization.Fans(fanIn: inputs * area, fanOut: outputs * area)
            var weight = graph.parameter(
                "weight", [outputs, inputs, window.kernel, window.kernel],
                Parameter(role: .convolutionKernel), initialization.convolutionKernel(fans))
            if normalization.standardizesWeights { weight = try graph.standardized(weight) }
            let y = try graph.convolution(x, weight, window: window, groups: groups)
            guard hasBias || biasesConvolutions || normalization.kind == .none else { return y }
            return try graph.addBias(y, bias(outputs, fans))
        }
    }

    /// y = x · wᵀ + b. x `[N, I]`.
    public func dense(_ x: Value, _ name: String, outputs: Int) throws(ShapeError) -> Value {
        try graph.scope(name) { () throws(ShapeError) in
            let fans = Initialization.Fans(fanIn: x.shape[1], fanOut: outputs)
            let weight = graph.parameter(
                "weight", [outputs, x.shape[1]], Parameter(role: .denseKernel),
                initialization.denseKernel(fans))
            return try graph.dense(x, weight, bias: bias(outputs, fans))
        }
    }

    private func bias(_ outputs: Int, _ fans: Initialization.Fans) -> Value {
        graph.parameter("bias", [outputs], Parameter(role: .bias), initialization.bias(fans))
    }

    // MARK: - No weights

    public func relu(_ x: Value, _ name: String = "relu") throws(ShapeError) -> Value {
        try graph.scope(name) { () throws(ShapeError) in try graph.relu(x) }
    }

    public func maxPool(_ x: Value, _ name: String, window: Window) throws(ShapeError) -> Value {
        try graph.scope(name) { () throws(ShapeError) in try graph.maxPool(x, window: window) }
    }

    public func averagePool(_ x: Value, _ name: String, window: Window) throws(ShapeError)
        -> Value
    {
        try graph.scope(name) { () throws(ShapeError) in try graph.averagePool(x, window: window) }
    }

    /// The mean over space, `[N, C]`.
    public func globalAveragePool(_ x: Value, _ name: String) throws(ShapeError) -> Value {
        try graph.scope(name) { () throws(ShapeError) in try graph.globalAveragePool(x) }
    }

    /// `[N, C, H, W]` as `[N, C·H·W]`, in PyTorch's order.
    public func flatten(_ x: Value, _ name: String) throws(ShapeError) -> Value {
        try graph.scope(name) { () throws(ShapeError) in try graph.flatten(x) }
    }

    /// x with the share `rate` dropped in training; x itself in evaluation.
    public func dropout(_ x: Value, _ name: String, rate: Double) throws(ShapeError) -> Value {
        guard isTraining, rate > 0 else { return x }
        return try graph.scope(name) { () throws(ShapeError) in try graph.dropout(x, rate: rate) }
    }

    public func concatenate(_ parts: [Value], _ name: String) throws(ShapeError) -> Value {
        try graph.scope(name) { () throws(ShapeError) in try graph.concatenate(parts) }
    }
}

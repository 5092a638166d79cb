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
    /// Whether norms take the batch's statistics.
    public let isTraining: Bool
    /// Whether norms update the running statistics with the batch's.
    public let updatesStatistics: Bool
    /// Where dropout takes its numbers from; nil where nothing is dropped.
    public let randomness: Randomness?

    public init(
        graph: GraphBuilder, normalization: Normalization, initialization: Initialization,
        biasesConvolutions: Bool = false, isTraining: Bool, updatesStatistics: Bool = true,
        randomness: Randomness? = nil
    ) {
        self.graph = graph
        self.normalization = normalization
        self.initialization = initialization
        self.biasesConvolutions = biasesConvolutions
        self.isTraining = isTraining
        self.updatesStatistics = updatesStatistics
        self.randomness = randomness
    }

    /// A convolution. x `[N, C, H, W]`.
    public func convolution(_ x: Value, _ name: String, outputs: Int, window: Window)
        throws(ShapeError) -> Value
    {
        try graph.scope(name) { () throws(ShapeError) in
            let inputs = x.shape[1]
            let fanIn = inputs * window.kernel * window.kernel
            let weight = graph.parameter(
                "weight", [outputs, inputs, window.kernel, window.kernel],
                Parameter(role: .convolutionKernel),
                initialization.convolutionKernel(
                    fanIn: fanIn, kernel: window.kernel, outputs: outputs))
            let y = try graph.convolution(x, weight, window: window)
            guard biasesConvolutions else { return y }
            let bias = graph.parameter(
                "bias", [outputs], Parameter(role: .bias),
                initialization.convolutionBias(fanIn: fanIn))
            return try graph.addBias(y, bias)
        }
    }

    /// y = x · wᵀ + b. x `[N, I]`.
    public func dense(_ x: Value, _ name: String, outputs: Int) throws(ShapeError) -> Value {
        try graph.scope(name) { () throws(ShapeError) in
            let fanIn = x.shape[1]
            let start = initialization.dense(fanIn: fanIn)
            let weight = graph.parameter(
                "weight", [outputs, fanIn], Parameter(role: .denseKernel), start)
            let bias = graph.parameter("bias", [outputs], Parameter(role: .bias), start)
            return try graph.dense(x, weight, bias: bias)
        }
    }

    public func relu(_ x: Value, _ name: String = "relu") throws(ShapeError) -> Value {
        try graph.scope(name) { () throws(ShapeError) in try graph.relu(x) }
    }
}

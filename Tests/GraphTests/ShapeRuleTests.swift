import Graphs
import Tensors
import Testing

/// Operands that do not fit an operation, and what is said about them.
struct MisfitCase: Sendable, CustomTestStringConvertible {
    let operation: Operation
    let operands: [TensorSpec]
    let message: String

    var testDescription: String { message }

    init(_ operation: Operation, _ operands: [TensorSpec], _ message: String) {
        self.operation = operation
        self.operands = operands
        self.message = message
    }
}

private func f(_ dimensions: Int...) -> TensorSpec { TensorSpec(Shape(dimensions), .float32) }

@Suite("Shape rules")
struct ShapeRuleTests {
    private static let window = Window(kernel: 3, stride: 2, padding: 1)

    static let misfits = [
        MisfitCase(
            .convolution(Convolution(window: window)), [f(2, 3, 8, 8)],
            "convolution: takes 2...2 operands, got 1"),
        MisfitCase(
            .convolution(Convolution(window: window)), [f(2, 3, 8), f(4, 3, 3, 3)],
            "convolution: [2, 3, 8] is not [N, C, H, W]"),
        MisfitCase(
            .convolution(Convolution(window: window)), [f(2, 3, 8, 8), f(4, 5, 3, 3)],
            "convolution: a kernel of [4, 5, 3, 3] in 1 groups does not fit [2, 3, 8, 8]"),
        MisfitCase(
            .convolution(Convolution(window: window, groups: 2)), [f(2, 3, 8, 8), f(4, 1, 3, 3)],
            "convolution: a kernel of [4, 1, 3, 3] in 2 groups does not fit [2, 3, 8, 8]"),
        MisfitCase(
            .convolution(Convolution(window: Window(kernel: 7))), [f(2, 3, 6, 8), f(4, 3, 7, 7)],
            "convolution: a window of 7 does not fit [2, 3, 6, 8] padded by 0"),
        MisfitCase(
            .convolution(Convolution(window: window, hasBias: true)),
            [f(2, 3, 8, 8), f(4, 3, 3, 3), f(3)], "convolution+bias: bias [3] is not [4]"),
        MisfitCase(
            .convolutionDataGradient(
                ConvolutionDataGradient(window: window, groups: 1, data: f(2, 3, 8, 8))),
            [f(2, 4, 5, 5), f(4, 3, 3, 3)],
            "convolution data gradient: dy [2, 4, 5, 5] is not [2, 4, 4, 4]"),
        MisfitCase(
            .convolutionWeightGradient(
                ConvolutionWeightGradient(window: window, groups: 1, weight: f(4, 3, 3, 3))),
            [f(2, 4, 5, 5), f(2, 3, 8, 8)],
            "convolution weight gradient: dy [2, 4, 5, 5] is not [2, 4, 4, 4]"),
        MisfitCase(
            .matrixProduct(MatrixProduct(transposesLeft: false, transposesRight: true)),
            [f(2, 3), f(4, 5)], "matrix product: [2, 3] and [4, 5] do not share an extent"),
        MisfitCase(
            .matrixProduct(MatrixProduct(transposesLeft: false, transposesRight: false)),
            [f(2, 3, 1), f(3, 5)], "matrix product: [2, 3, 1] and [3, 5] are not matrices"),
        MisfitCase(
            .addBias(AddBias()), [f(2, 3), f(2)], "add bias: bias [2] does not fit [2, 3]"),
        MisfitCase(.biasGradient(BiasGradient()), [f(3)], "bias gradient: [3] has no channels"),
        MisfitCase(
            .normalization(NormalizationForward(statistics: .batch, epsilon: 0)),
            [f(2, 3), f(3), f(3)], "normalization: [2, 3] is not [N, C, H, W] with elements"),
        MisfitCase(
            .normalization(NormalizationForward(statistics: .group(groups: 2), epsilon: 0)),
            [f(2, 3, 1, 1), f(3), f(3)],
            "normalization: 3 channels cannot be split into 2 groups"),
        MisfitCase(
            .normalization(NormalizationForward(statistics: .batch, epsilon: 0)),
            [f(2, 3, 1, 1), f(3), f(4)], "normalization: [3] and [4] do not fit 3 channels"),
        MisfitCase(
            .normalizationGradient(NormalizationGradient(statistics: .batch, epsilon: 0)),
            [f(2, 3, 1, 1), f(2, 3, 1, 1), f(3), f(3), f(2), f(3)],
            "normalization gradient: statistics [2] and [3] are not [3]"),
        MisfitCase(
            .exponentialAverage(ExponentialAverage(rate: 0.1)), [f(3), f(4)],
            "exponential average: float32[3] is not float32[4]"),
        MisfitCase(
            .add(Add()), [f(2, 3), TensorSpec([2, 3], .float64)],
            "add: float32[2, 3] is not float64[2, 3]"),
        MisfitCase(.relu(Relu()), [], "relu: takes 1...1 operands, got 0"),
        MisfitCase(
            .maxPool(MaxPool(window: Window(kernel: 2, padding: 2))), [f(2, 3, 8, 8)],
            "max pool: a window of 2 with padding 2 cannot be pooled"),
        MisfitCase(
            .globalAveragePool(GlobalAveragePool()), [f(2, 3)],
            "global average pool: [2, 3] is not [N, C, H, W]"),
        MisfitCase(
            .concatenation(Concatenation()), [], "concatenation: takes operands, got none"),
        MisfitCase(
            .concatenation(Concatenation()), [f(2, 3, 4, 4), f(2, 5, 4, 3)],
            "concatenation: float32[2, 5, 4, 3] does not fit behind float32[2, 3, 4, 4]"),
        MisfitCase(
            .concatenationGradient(ConcatenationGradient(first: 2, count: 2)), [f(2, 3)],
            "concatenation gradient: [2, 3] has no channels 2 ..< 4"),
        MisfitCase(
            .reshape(Reshape(to: [2, 7])), [f(2, 3, 2)],
            "reshape: [2, 3, 2] cannot become [2, 7]"),
        MisfitCase(
            .dropout(Dropout(rate: 0.5, layer: 0)), [f(2, 3), f(1)],
            "dropout: float32[1] is no key of int64[]"),
        MisfitCase(
            .dropout(Dropout(rate: 0.5, layer: 0)),
            [f(1 << 16, 1 << 16), TensorSpec(.scalar, .int64)],
            "dropout: [65536, 65536] has more than 2³² elements"),
        MisfitCase(
            .weightStandardization(WeightStandardization()), [f(4, 1, 1, 1)],
            "weight standardization: a filter of [4, 1, 1, 1] has one weight, which has no deviation"
        ),
        MisfitCase(
            .sigmoidCrossEntropy(SigmoidCrossEntropy()), [f(2, 2), TensorSpec([2], .int64)],
            "sigmoid cross-entropy: logits [2, 2] and labels int64[2] do not fit"),
        MisfitCase(
            .covariance(Covariance()), [f(2, 3)],
            "covariance: [2, 3] is not [N, C, H, W] with elements"),
        MisfitCase(
            .covariance(Covariance()), [TensorSpec([2, 3, 1, 1], .bfloat16)],
            "covariance: bfloat16[2, 3, 1, 1] is not of master precision"),
        MisfitCase(
            .covarianceGradient(CovarianceGradient()), [f(2, 4, 4), f(2, 3, 1, 1)],
            "covariance gradient: dΣ float32[2, 4, 4] is not float32[2, 3, 3]"),
        MisfitCase(
            .matrixSquareRoot(MatrixSquareRoot(iterations: 5)), [f(2, 3, 4)],
            "matrix square root: [2, 3, 4] is not [N, d, d]"),
        MisfitCase(
            .matrixSquareRoot(MatrixSquareRoot(iterations: 1)), [f(2, 3, 3)],
            "matrix square root: 1 iterations are fewer than 2"),
        MisfitCase(
            .upperTriangleGradient(UpperTriangleGradient(dimension: 3)), [f(2, 5)],
            "upper triangle gradient: dv [2, 5] is not [N, 6]"),
        MisfitCase(
            .channelAttention(ChannelAttention()), [f(2, 3), f(3)],
            "channel attention: a kernel of [3] is not [1, 1, 3]"),
        MisfitCase(
            .scalePlanes(ScalePlanes()), [f(2, 3, 1, 1), f(3)],
            "scale planes: factors float32[3] are not float32[2, 3]"),
        MisfitCase(
            .dropProbability(DropProbability()), [f(2, 1, 3, 3), f(2, 1)],
            "drop probability: [2, 1, 3, 3] has one channel, which varies with no other"),
        MisfitCase(
            .dropoutMask(DropoutMask(DropoutKey(seed: 0, layer: ""), mask: f(2))), [f(1), f()],
            "dropout mask: float32[1] is no scalar"),
        MisfitCase(
            .softmaxCrossEntropy(SoftmaxCrossEntropy()), [f(2, 3), f(2)],
            "softmax cross-entropy: scores [2, 3] and labels float32[2] do not fit"),
        MisfitCase(
            .topKCorrect(TopKCorrect(k: 1)), [f(2, 3), TensorSpec([3], .int64)],
            "top-1 correct: scores [2, 3] and labels int64[3] do not fit"),
        MisfitCase(
            .update(Self.program(.centralize(.operand(0), outputAxis: 1), tensors: 1)), [f(3)],
            "update (centralize): [3] has no axis 1"),
        MisfitCase(
            .update(Self.program(.maximum(.operand(0), .operand(1)), tensors: 2)), [f(3), f(4)],
            "update (maximum): float32[4] is not float32[3]"),
        MisfitCase(
            .update(
                Self.program(
                    .scaled(.init(.init(1, scalar: 1), .operand(0))), tensors: 1, scalars: 1)),
            [f(3), f(1)], "update (scaled): a factor is float32[1]"),
        MisfitCase(
            .clippingFactor(ClippingFactor(maximum: 1)), [f(2)],
            "clipping factor: float32[2] is no scalar"),
        MisfitCase(
            .stepCoefficient(.inverseTime(decay: 1)), [f(2)],
            "step coefficient: float32[2] is no step number"),
    ]

    private static func program(
        _ instruction: UpdateProgram.Instruction, tensors: Int, scalars: Int = 0
    ) -> UpdateProgram {
        UpdateProgram(
            tensorCount: tensors, scalarCount: scalars, instructions: [instruction], results: [0])
    }

    @Test("Operands that do not fit are refused, and the message says why", arguments: misfits)
    func refused(misfit: MisfitCase) throws {
        let graph = GraphBuilder(precision: .float32)
        let operands = misfit.operands.enumerated().map { graph.input("x\($0)", $1) }
        let error = #expect(throws: ShapeError.self) {
            try graph.apply(misfit.operation, to: operands)
        }
        #expect(error?.description == misfit.message)
    }

    @Test("An error within a scope says where")
    func scope() throws {
        let graph = GraphBuilder(precision: .float32)
        let x = graph.input("x", f(2, 3))
        let error = #expect(throws: ShapeError.self) {
            try graph.scope("layer1") {
                try graph.scope("conv1") { try graph.globalAveragePool(x) }
            }
        }
        #expect(
            error?.description
                == "layer1.conv1: global average pool: [2, 3] is not [N, C, H, W]")
        #expect(graph.scopePath.isEmpty)
    }

    /// Oracle: the formula of PyTorch's Conv2d, ⌊(H + 2p − k)/s⌋ + 1.
    @Test("Windows give the extents that PyTorch gives")
    func extents() {
        #expect(Window(kernel: 7, stride: 2, padding: 3).outputExtent(of: 224) == 112)
        #expect(Window(kernel: 3, stride: 2, padding: 1).outputExtent(of: 112) == 56)
        #expect(Window(kernel: 3, stride: 2, padding: 1).outputExtent(of: 7) == 4)
        #expect(Window(kernel: 3, stride: 2).outputExtent(of: 8) == 3)
        #expect(Window(kernel: 3).outputExtent(of: 2) == nil)
    }
}

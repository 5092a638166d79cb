import CKernels
public import Graphs
import Tensors

/// What plans need to know of oneDNN, OpenBLAS and the kernels on this machine.
///
/// Activations keep the blocked layout that convolutions want from one operation to the next;
/// weights lie as the forward convolution reads them.
public struct CPUTarget: Target {
    /// Compute threads; layouts and scratch memory depend on them.
    public let threads: Int

    public init(threads: Int) {
        precondition((1...Int(GCB_MAX_PARTS)).contains(threads), "\(threads) threads")
        self.threads = threads
    }

    public var name: String { "cpu" }
    public var alignment: Int { 64 }

    public func requirement(of node: Node, operandLayouts: [Layout?], precision: Precision)
        throws(PlanningError) -> Requirement
    {
        gcb_set_thread_count(Int32(threads))
        try checkFormats(of: node)
        let site = PlannedNode(node: node, known: operandLayouts, threads: threads)
        switch node.operation {
        case .convolution, .convolutionDataGradient, .convolutionWeightGradient:
            return try site.convolution()
        case .normalization(let rule): return try site.normalization(rule)
        case .normalizationGradient(let rule): return try site.normalizationGradient(rule)
        case .normalizationInference, .addBias: return site.activation()
        case .dropout: return site.activation()
        case .concatenation:
            return site.sideBySide(node.operands.map { $0.shape[1] })
        case .concatenationGradient(let rule):
            return site.sideBySide([rule.first, rule.count])
        case .reshape: return site.reshaped()
        case .biasGradient: return site.activationToRowMajor()
        case .maxPool, .averagePool: return site.activation()
        case .maxPoolGradient, .averagePoolGradient: return site.activation()
        case .globalAveragePool: return site.activationToRowMajor()
        case .globalAveragePoolGradient: return try site.spreading()
        case .relu, .reluGradient, .add, .exponentialAverage, .squaredNorm:
            return site.elementWise()
        case .foldNormalization: return site.sliced(along: 0)
        case .convert: return site.conversion()
        case .update(let program): return site.update(program)
        case .covariance: return site.covariance()
        case .covarianceGradient: return site.covarianceGradient()
        case .matrixSquareRoot: return site.matrixSquareRoot()
        case .matrixSquareRootGradient: return site.matrixSquareRootGradient()
        case .dropProbability: return site.dropProbability()
        case .upperTriangle, .upperTriangleGradient, .channelAttention, .channelAttentionGradient,
            .scalePlanes, .planeProducts, .dropoutMask, .matrixProduct, .softmaxCrossEntropy,
            .topKCorrect, .constant, .stepCoefficient, .clippingFactor, .reorder, .copy,
            .weightStandardization, .weightStandardizationGradient, .sigmoidCrossEntropy,
            .signCorrect:
            return site.rowMajor()
        }
    }

    private func checkFormats(of node: Node) throws(PlanningError) {
        for spec in (node.operands + node.results).map(\.spec) {
            let isSupported =
                switch spec.scalarType {
                case .float32, .int64, .uint8: true
                case .bfloat16: node.operation.takesBFloat16
                case .float64, .int32: false
                }
            guard !isSupported else { continue }
            throw PlanningError(
                scope: node.scope,
                "\(node.operation.rule.name) of \(spec) is not supported on the cpu backend; "
                    + "use precision float32")
        }
    }
}

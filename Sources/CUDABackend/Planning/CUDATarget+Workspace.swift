import CUDAKernels
import Graphs
import Tensors

extension CUDATarget {
    /// Bytes that are an instruction's own while it runs. Libraries get a share that depends on
    /// nothing but the shapes, and must do with it.
    func workspaceByteCount(of node: Node) -> Int {
        let (operands, results) = (node.operands.map(\.spec), node.results.map(\.spec))
        switch node.operation {
        case .convolution(let rule):
            return Self.convolutionWorkspace(operands + results)
                + Self.unroundedByteCount(rule, results[0])
        case .convolutionDataGradient, .convolutionWeightGradient:
            return Self.convolutionWorkspace(operands + results)
        case .matrixProduct: return Self.productWorkspace
        case .normalization(let rule):
            return NormalizationShape(rule.statistics, of: operands[0].shape)
                .partialByteCount(operands[0].scalarType)
        case .normalizationGradient(let rule):
            let shape = NormalizationShape(rule.statistics, of: operands[1].shape)
            return Self.aligned(shape.partialByteCount(operands[1].scalarType))
                + shape.coefficientByteCount
        case .biasGradient:
            return Self.columnTiling(operands[0]).splits * operands[0].shape[1] * floatSize
        case .softmaxCrossEntropy, .topKCorrect, .sigmoidCrossEntropy, .signCorrect:
            return operands[0].shape[0] * floatSize
        case .squaredNorm: return Self.squareBlocks(operands[0].shape.count) * floatSize
        case .update(let program):
            guard let axis = program.centralizedAxis else { return 0 }
            return operands[0].shape[axis] * 2 * floatSize
        case .covariance: return CovarianceWorkspace(operands[0].shape, isGradient: false).byteCount
        case .covarianceGradient:
            return CovarianceWorkspace(operands[1].shape, isGradient: true).byteCount
        case .matrixSquareRoot:
            return RootWorkspace(operands[0].shape, isGradient: false).byteCount
        case .matrixSquareRootGradient:
            return RootWorkspace(operands[0].shape, isGradient: true).byteCount
        case .channelAttentionGradient: return operands[0].byteCount
        case .dropProbability: return DropWorkspace(operands[0].shape).byteCount
        case .addBias, .normalizationInference, .foldNormalization, .exponentialAverage, .relu,
            .reluGradient, .add, .constant, .dropout, .maxPool, .maxPoolGradient, .averagePool,
            .averagePoolGradient, .globalAveragePool, .globalAveragePoolGradient, .concatenation,
            .concatenationGradient, .upperTriangle, .upperTriangleGradient, .channelAttention,
            .scalePlanes, .planeProducts, .dropoutMask, .weightStandardization,
            .weightStandardizationGradient, .stepCoefficient, .clippingFactor, .reorder, .convert,
            .reshape, .copy:
            return 0
        }
    }

    static func aligned(_ byteCount: Int) -> Int { (byteCount + 255) / 256 * 256 }

    /// Twice what goes in and out, within bounds: engines that share out a sum want copies of its
    /// result.
    private static func convolutionWorkspace(_ specs: [TensorSpec]) -> Int {
        let wanted = 2 * specs.reduce(0) { $0 + $1.byteCount }
        return aligned(min(max(wanted, 1 << 20), 64 << 20))
    }

    /// Bytes for the sums of a convolution that something follows: they are rounded once, at the
    /// end.
    static func unroundedByteCount(_ rule: Convolution, _ y: TensorSpec) -> Int {
        let isRounded = y.scalarType != .bfloat16 || (!rule.hasBias && rule.epilogue == .none)
        return isRounded ? 0 : aligned(y.shape.count * floatSize)
    }

    static let productWorkspace = 4 << 20

    /// The tiling of sums over everything but the channels.
    static func columnTiling(_ spec: TensorSpec) -> RowTiling {
        let width = KernelFormat(spec.scalarType).width
        let channels = spec.shape[1]
        return RowTiling(
            images: 1, rows: spec.shape.count / max(1, channels), channels: channels, width: width)
    }

    /// Blocks among which a sum of squares is shared out.
    static func squareBlocks(_ count: Int) -> Int {
        max(1, min(256, count / (4 * GCB_BLOCK)))
    }
}

private let floatSize = MemoryLayout<Float>.stride

extension KernelFormat {
    /// The format of kernels on numbers of this type.
    init(_ type: ScalarType) { self = type == .bfloat16 ? .bfloat16 : .float32 }
}

import CKernels
import Graphs
import Tensors

/// An instruction being prepared: where its operands and results lie.
struct Site {
    typealias Body = () throws(OneDNNFailure) -> Void

    let instruction: Instruction
    let arena: HostArena
    let threads: Int
    let library: OneDNN
    let stream: OneDNNStream

    var threadCount: Int32 { Int32(threads) }

    func address(_ region: Region) -> UnsafeMutableRawPointer { arena.base + region.offset }

    func floats(_ region: Region) -> UnsafeMutablePointer<Float> {
        address(region).assumingMemoryBound(to: Float.self)
    }

    /// Operand `index`, which is float32.
    func operand(_ index: Int) -> UnsafePointer<Float> {
        UnsafePointer(floats(instruction.operands[index]))
    }

    /// Result `index`, which is float32.
    func result(_ index: Int) -> UnsafeMutablePointer<Float> { floats(instruction.results[index]) }

    /// Operand `index`, an activation in its format.
    func data(_ index: Int) -> UnsafeRawPointer {
        UnsafeRawPointer(address(instruction.operands[index]))
    }

    /// Result `index`, an activation in its format.
    func output(_ index: Int) -> UnsafeMutableRawPointer { address(instruction.results[index]) }

    /// The format of result 0 where the kernels have several.
    var format: gcb_format {
        let type = instruction.results[0].spec.scalarType
        guard let format = gcb_format(type) else {
            preconditionFailure("\(type) was not planned for \(instruction.operation)")
        }
        return format
    }

    var workspace: UnsafeMutableRawPointer { arena.base + instruction.workspace.lowerBound }

    /// Elements of result 0 in memory, padding included.
    var count: Int64 { count(of: instruction.results[0]) }

    func count(of region: Region) -> Int64 {
        Int64(region.byteCount / region.spec.scalarType.byteCount)
    }

    /// The loops that belong to the operation.
    func kernel() throws(OneDNNFailure) -> Body {
        switch instruction.operation {
        case .convolution, .convolutionDataGradient, .convolutionWeightGradient:
            try convolution()
        case .weightStandardization(let rule): weightStandardization(rule)
        case .weightStandardizationGradient(let rule): weightStandardizationGradient(rule)
        case .matrixProduct(let rule): matrixProduct(rule)
        case .addBias: addBias()
        case .biasGradient: biasGradient()
        case .normalization(let rule): normalization(rule)
        case .normalizationGradient(let rule): normalizationGradient(rule)
        case .normalizationInference(let rule): normalizationInference(rule)
        case .foldNormalization(let rule): foldNormalization(rule)
        case .exponentialAverage(let rule): exponentialAverage(rule)
        case .relu: relu()
        case .reluGradient: reluGradient()
        case .add: add()
        case .constant(let rule): constant(rule)
        case .dropout(let rule): dropout(rule)
        case .maxPool(let rule): maxPool(rule)
        case .maxPoolGradient(let rule): maxPoolGradient(rule)
        case .averagePool(let rule): averagePool(rule)
        case .averagePoolGradient(let rule): averagePoolGradient(rule)
        case .globalAveragePool: globalAveragePool()
        case .globalAveragePoolGradient: globalAveragePoolGradient()
        case .concatenation: concatenation()
        case .concatenationGradient(let rule): concatenationGradient(rule)
        case .covariance: covariance()
        case .covarianceGradient: covarianceGradient()
        case .matrixSquareRoot(let rule): matrixSquareRoot(rule)
        case .matrixSquareRootGradient(let rule): matrixSquareRootGradient(rule)
        case .upperTriangle: upperTriangle()
        case .upperTriangleGradient: upperTriangleGradient()
        case .channelAttention: channelAttention()
        case .channelAttentionGradient: channelAttentionGradient()
        case .scalePlanes(let rule): scalePlanes(rule)
        case .planeProducts: planeProducts()
        case .dropProbability: dropProbability()
        case .dropoutMask(let rule): dropoutMask(rule)
        case .softmaxCrossEntropy(let rule): softmaxCrossEntropy(rule)
        case .topKCorrect(let rule): topKCorrect(rule)
        case .sigmoidCrossEntropy(let rule): sigmoidCrossEntropy(rule)
        case .signCorrect: signCorrect()
        case .update(let program): update(program)
        case .stepCoefficient(let rule): stepCoefficient(rule)
        case .squaredNorm: squaredNorm()
        case .clippingFactor(let rule): clippingFactor(rule)
        case .reorder, .convert: try reorder()
        case .reshape, .copy: copy()
        }
    }
}

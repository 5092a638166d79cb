import CCUDA
import CUDAKernels
import Graphs
import Tensors

/// An instruction being prepared: where its operands and results lie on the device.
struct Site {
    typealias Body = CUDAKernel.Body

    let instruction: Instruction
    let device: CUDADevice
    let arena: gcb_device_address
    let options: CUDAOptions

    var operands: [Region] { instruction.operands }
    var results: [Region] { instruction.results }

    func address(_ region: Region) -> gcb_device_address {
        arena + gcb_device_address(region.offset)
    }

    func operand(_ index: Int) -> gcb_device_address { address(operands[index]) }
    func result(_ index: Int) -> gcb_device_address { address(results[index]) }

    /// Operand `index` if there is a reason to have it, else no address.
    func operand(_ index: Int, if isThere: Bool) -> gcb_device_address {
        isThere ? operand(index) : 0
    }

    var workspace: gcb_device_address {
        arena + gcb_device_address(instruction.workspace.lowerBound)
    }

    // MARK: - Launches

    /// A launch of one of our own kernels.
    func launch<Arguments: BitwiseCopyable>(
        _ name: String, _ format: KernelFormat, _ grid: LaunchGrid, _ arguments: Arguments
    ) throws(CUDAFailure) -> Body {
        let function = try device.modules.function(name, format)
        let device = device
        return { () throws(CUDAFailure) in
            try device.launch(function, name, grid, arguments)
        }
    }

    /// One after the other.
    func sequence(_ bodies: Body...) -> Body { sequence(bodies) }

    func sequence(_ bodies: [Body]) -> Body {
        { () throws(CUDAFailure) in for body in bodies { try body() } }
    }

    func kernel(_ body: @escaping Body) -> CUDAKernel {
        CUDAKernel(scope: instruction.scope, body)
    }

    /// What belongs to the operation.
    func kernel() throws(CUDAFailure) -> CUDAKernel {
        switch instruction.operation {
        case .convolution(let rule): try convolution(rule)
        case .convolutionDataGradient(let rule): try convolutionDataGradient(rule)
        case .convolutionWeightGradient(let rule): try convolutionWeightGradient(rule)
        case .weightStandardization(let rule): kernel(try weightStandardization(rule))
        case .weightStandardizationGradient(let rule):
            kernel(try weightStandardizationGradient(rule))
        case .matrixProduct(let rule): try matrixProduct(rule)
        case .addBias: kernel(try addBias())
        case .biasGradient: kernel(try biasGradient())
        case .normalization(let rule): kernel(try normalization(rule))
        case .normalizationGradient(let rule): kernel(try normalizationGradient(rule))
        case .normalizationInference(let rule): kernel(try normalizationInference(rule))
        case .foldNormalization(let rule): kernel(try foldNormalization(rule))
        case .exponentialAverage(let rule): kernel(try exponentialAverage(rule))
        case .relu: kernel(try relu())
        case .reluGradient: kernel(try reluGradient())
        case .add: kernel(try add())
        case .constant(let rule): kernel(try constant(rule))
        case .dropout(let rule): kernel(try dropout(rule))
        case .maxPool(let rule): kernel(try maxPool(rule))
        case .maxPoolGradient(let rule): kernel(try maxPoolGradient(rule))
        case .averagePool(let rule): kernel(try averagePool(rule))
        case .averagePoolGradient(let rule): kernel(try averagePoolGradient(rule))
        case .globalAveragePool: kernel(try globalAveragePool())
        case .globalAveragePoolGradient: kernel(try globalAveragePoolGradient())
        case .concatenation: kernel(try concatenation())
        case .concatenationGradient(let rule): kernel(try concatenationGradient(rule))
        case .covariance: kernel(try covariance())
        case .covarianceGradient: kernel(try covarianceGradient())
        case .matrixSquareRoot(let rule): kernel(try matrixSquareRoot(rule))
        case .matrixSquareRootGradient(let rule): kernel(try matrixSquareRootGradient(rule))
        case .upperTriangle: kernel(try upperTriangle())
        case .upperTriangleGradient: kernel(try upperTriangleGradient())
        case .channelAttention: kernel(try channelAttention())
        case .channelAttentionGradient: kernel(try channelAttentionGradient())
        case .scalePlanes(let rule): kernel(try scalePlanes(rule))
        case .planeProducts: kernel(try planeProducts())
        case .dropProbability: kernel(try dropProbability())
        case .dropoutMask(let rule): kernel(try dropoutMask(rule))
        case .softmaxCrossEntropy(let rule): kernel(try softmaxCrossEntropy(rule))
        case .topKCorrect(let rule): kernel(try topKCorrect(rule))
        case .sigmoidCrossEntropy(let rule): kernel(try sigmoidCrossEntropy(rule))
        case .signCorrect: kernel(try signCorrect())
        case .update(let program): kernel(try update(program))
        case .stepCoefficient(let rule): kernel(try stepCoefficient(rule))
        case .squaredNorm: kernel(try squaredNorm())
        case .clippingFactor(let rule): kernel(try clippingFactor(rule))
        case .reorder, .convert: kernel(try permutation())
        case .reshape, .copy: kernel(copy())
        }
    }
}

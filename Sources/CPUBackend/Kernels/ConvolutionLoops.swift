import CKernels
import Graphs
import Tensors

/// Convolutions that run in our own loops where these beat the library's; what a plan calls them.
///
/// The choice follows from the shapes and from the processor alone, so that a machine always runs
/// a job the same way.
enum ConvolutionLoops: String, CaseIterable {
    /// By weights with a 1×1 kernel, float32.
    case pointwise = "pointwise:avx512"
    /// With a 3×3 kernel, in all directions, bfloat16.
    case winograd = "winograd:avx512_bf16"
    /// By weights with other kernels and strides, bfloat16.
    case pairs = "pairs:avx512_bf16"

    static let activations = Layout("aBcd16b")

    static func suiting(_ problem: ConvolutionProblem) -> ConvolutionLoops? {
        allCases.first { $0.suits(problem) }
    }

    private func suits(_ problem: ConvolutionProblem) -> Bool {
        guard problem.groups == 1, problem.hasWholeBlocks,
            gcb_selected_isa().rawValue >= isa.rawValue
        else { return false }
        return switch self {
        case .pointwise:
            problem.direction == .weightGradient && problem.window == Window(kernel: 1)
                && problem.data.scalarType == .float32
        case .winograd:
            problem.data.scalarType == .bfloat16
                && problem.hasWinogradShape(tileExtent: 2, leastTiles: 192)
        case .pairs:
            problem.direction == .weightGradient && problem.data.scalarType == .bfloat16
                && problem.isQuickInPairs
        }
    }

    /// They want 32 registers, and products of pairs.
    private var isa: gcb_isa {
        switch self {
        case .pointwise: gcb_isa_avx512
        case .winograd, .pairs: gcb_isa_avx512_bf16
        }
    }

    var weights: Layout? {
        switch self {
        case .pointwise: Layout("ABcd16b16a")
        case .winograd, .pairs: Layout("ABcd8b16a2b")
        }
    }

    func workspaceByteCount(_ problem: ConvolutionProblem, threads: Int) -> Int {
        switch self {
        case .pointwise: return 0
        case .winograd:
            var shape = gcb_winograd(problem, threads: threads)
            return problem.direction == .weightGradient
                ? gcb_winograd_gradient_workspace(&shape) : gcb_winograd_workspace(&shape)
        case .pairs:
            var shape = gcb_narrow_gradient(problem, threads: threads)
            return gcb_narrow_gradient_workspace(&shape)
        }
    }
}

extension ConvolutionProblem {
    fileprivate var hasWholeBlocks: Bool {
        weight.shape[0].isMultiple(of: 16) && weight.shape[1].isMultiple(of: 16)
    }

    /// The library's loops keep the image in registers from one weight of the kernel to the next,
    /// which wins where there are many weights and few channels.
    fileprivate var isQuickInPairs: Bool {
        window.kernel == 1 || window.stride > 1 || min(weight.shape[0], weight.shape[1]) >= 128
    }
}

extension gcb_winograd {
    init(_ problem: ConvolutionProblem, threads: Int) {
        let (data, weight) = (problem.data.shape, problem.weight.shape)
        self.init(
            images: Int64(data[0]), outputs: Int64(weight[0]), inputs: Int64(weight[1]),
            height: Int64(data[2]), width: Int64(data[3]), threads: Int32(threads))
    }
}

extension gcb_narrow_gradient {
    init(_ problem: ConvolutionProblem, threads: Int) {
        let (data, weight) = (problem.data.shape, problem.weight.shape)
        let (result, window) = (problem.result.shape, problem.window)
        self.init(
            images: Int64(data[0]), outputs: Int64(weight[0]), inputs: Int64(weight[1]),
            height: Int64(data[2]), width: Int64(data[3]), result_height: Int64(result[2]),
            result_width: Int64(result[3]), kernel: Int64(window.kernel),
            stride: Int64(window.stride), padding: Int64(window.padding), threads: Int32(threads))
    }
}

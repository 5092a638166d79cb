import CKernels
import Graphs
import Tensors

/// The weight gradient of a 1×1 convolution by our own loops, where they beat the library's.
enum PointwiseKernel {
    /// What a plan calls it.
    static let name = "pointwise:avx512"

    /// Whether the loops are made for this problem and this processor: they want 32 registers.
    static func suits(_ problem: ConvolutionProblem) -> Bool {
        problem.direction == .weightGradient && problem.window == Window(kernel: 1)
            && problem.groups == 1 && problem.data.scalarType == .float32
            && problem.weight.shape[0].isMultiple(of: 16)
            && problem.weight.shape[1].isMultiple(of: 16) && gcb_selected_isa() == gcb_isa_avx512
    }

    static let activations = Layout("aBcd16b")
    static let weights = Layout("ABcd16b16a")
}

extension Site {
    /// dW of dY and X, all in blocks of sixteen channels.
    func pointwiseWeightGradient() -> Body {
        let (dy, x) = (instruction.operands[0].spec.shape, instruction.operands[1].spec.shape)
        let kernel = gcb_pointwise(
            images: Int64(dy[0]), outputs: Int64(dy[1]), inputs: Int64(x[1]),
            pixels: Int64(dy[2] * dy[3]), threads: threadCount)
        let (gradient, image, result) = (operand(0), operand(1), result(0))
        return {
            withUnsafePointer(to: kernel) {
                gcb_pointwise_weight_gradient($0, gradient, image, result)
            }
        }
    }
}

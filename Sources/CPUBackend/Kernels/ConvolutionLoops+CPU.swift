import CKernels
import Graphs
import Tensors

extension Site {
    /// A convolution by our own loops, bound to its memory.
    func convolution(_ problem: ConvolutionProblem, by loops: ConvolutionLoops) -> Body {
        switch loops {
        case .pointwise: pointwiseWeightGradient()
        case .winograd:
            switch problem.direction {
            case .forward: winogradForward(problem)
            case .dataGradient: winogradDataGradient(problem)
            case .weightGradient: winogradWeightGradient(problem)
            }
        case .pairs: narrowWeightGradient(problem)
        }
    }

    /// dW of dY and X, all in blocks of sixteen channels.
    private func pointwiseWeightGradient() -> Body {
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

    private func winogradForward(_ problem: ConvolutionProblem) -> Body {
        let shape = gcb_winograd(problem, threads: threads)
        let epilogue = gcb_epilogue(
            bias: problem.hasBias ? operand(2) : nil,
            adds_residual: problem.epilogue.addsResidual,
            rectifies: problem.epilogue.appliesRelu)
        let (x, w, y, workspace) = (narrow(0), narrow(1), narrowOutput, workspace)
        let bringResidual =
            problem.epilogue.addsResidual ? move(instruction.operands.count - 1, to: 0) : {}
        return {
            bringResidual()
            withUnsafePointer(to: shape) { shape in
                withUnsafePointer(to: epilogue) {
                    gcb_winograd_forward(shape, x, w, $0, y, workspace)
                }
            }
        }
    }

    private func winogradDataGradient(_ problem: ConvolutionProblem) -> Body {
        let shape = gcb_winograd(problem, threads: threads)
        let (dy, w, dx, workspace) = (narrow(0), narrow(1), narrowOutput, workspace)
        return {
            withUnsafePointer(to: shape) { gcb_winograd_data_gradient($0, dy, w, dx, workspace) }
        }
    }

    private func winogradWeightGradient(_ problem: ConvolutionProblem) -> Body {
        let shape = gcb_winograd(problem, threads: threads)
        let (dy, x, dw, workspace) = (narrow(0), narrow(1), result(0), workspace)
        return {
            withUnsafePointer(to: shape) { gcb_winograd_weight_gradient($0, dy, x, dw, workspace) }
        }
    }

    private func narrowWeightGradient(_ problem: ConvolutionProblem) -> Body {
        let shape = gcb_narrow_gradient(problem, threads: threads)
        let (dy, x, dw, workspace) = (narrow(0), narrow(1), result(0), workspace)
        return {
            withUnsafePointer(to: shape) { gcb_narrow_weight_gradient($0, dy, x, dw, workspace) }
        }
    }

    /// Operand `index`, which is bfloat16.
    private func narrow(_ index: Int) -> UnsafePointer<gcb_bfloat16> {
        data(index).assumingMemoryBound(to: gcb_bfloat16.self)
    }

    /// Result 0, which is bfloat16.
    private var narrowOutput: UnsafeMutablePointer<gcb_bfloat16> {
        output(0).assumingMemoryBound(to: gcb_bfloat16.self)
    }
}

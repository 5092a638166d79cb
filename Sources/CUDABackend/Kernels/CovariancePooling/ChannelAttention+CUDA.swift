import CUDAKernels
import Graphs
import Tensors

extension Site {
    func channelAttention() throws(CUDAFailure) -> Body {
        var arguments = attention(operands[0].spec.shape)
        (arguments.s, arguments.w, arguments.omega) = (operand(0), operand(1), result(0))
        return try launch(
            "channel_attention", .none, LaunchGrid(operands[0].spec.shape[0]), arguments)
    }

    func channelAttentionGradient() throws(CUDAFailure) -> Body {
        let shape = operands[0].spec.shape
        var arguments = attention(shape)
        (arguments.domega, arguments.omega) = (operand(0), operand(1))
        (arguments.s, arguments.w) = (operand(2), operand(3))
        (arguments.du, arguments.ds, arguments.dw) = (workspace, result(0), result(1))
        return sequence(
            try launch("softmax_gradient", .none, LaunchGrid(shape[0]), arguments),
            try launch("attention_data_gradient", .none, .threads(shape.count), arguments),
            try launch("attention_kernel_gradient", .none, LaunchGrid(3), arguments))
    }

    private func attention(_ shape: Shape) -> gcb_attention {
        var arguments = gcb_attention()
        (arguments.images, arguments.channels) = (Int32(shape[0]), Int32(shape[1]))
        return arguments
    }

    // MARK: - Triangles

    func upperTriangle() throws(CUDAFailure) -> Body {
        let shape = operands[0].spec.shape
        var arguments = matrices(shape)
        (arguments.x, arguments.y) = (operand(0), result(0))
        return try launch("upper_triangle", .none, .threads(shape.count), arguments)
    }

    func upperTriangleGradient() throws(CUDAFailure) -> Body {
        let shape = results[0].spec.shape
        var arguments = matrices(shape)
        (arguments.x, arguments.y) = (operand(0), result(0))
        return try launch("upper_triangle_gradient", .none, .threads(shape.count), arguments)
    }
}

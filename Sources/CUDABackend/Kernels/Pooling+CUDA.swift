import CUDAKernels
import Graphs
import Tensors

extension Site {
    private func pooling(
        _ name: String, _ window: Window, data: Region, pooled: Region, positions: gcb_address = 0,
        threads: Region
    ) throws(CUDAFailure) -> Body {
        let (x, y) = (data.spec.shape, pooled.spec.shape)
        let arguments = gcb_pooling(
            x: address(data), y: address(pooled), positions: positions, images: Int32(x[0]),
            channels: Int32(x[1]), height: Int32(x[2]), width: Int32(x[3]),
            pooled_height: Int32(y[2]), pooled_width: Int32(y[3]), kernel: Int32(window.kernel),
            stride: Int32(window.stride), padding: Int32(window.padding))
        return try launch(
            name, KernelFormat(data.spec.scalarType), .threads(threads.spec.shape.count),
            arguments)
    }

    func maxPool(_ rule: MaxPool) throws(CUDAFailure) -> Body {
        try pooling(
            "max_pool", rule.window, data: operands[0], pooled: results[0], positions: result(1),
            threads: results[0])
    }

    func maxPoolGradient(_ rule: MaxPoolGradient) throws(CUDAFailure) -> Body {
        try pooling(
            "max_pool_gradient", rule.window, data: results[0], pooled: operands[0],
            positions: operand(1), threads: results[0])
    }

    func averagePool(_ rule: AveragePool) throws(CUDAFailure) -> Body {
        try pooling(
            "average_pool", rule.window, data: operands[0], pooled: results[0],
            threads: results[0])
    }

    func averagePoolGradient(_ rule: AveragePoolGradient) throws(CUDAFailure) -> Body {
        try pooling(
            "average_pool_gradient", rule.window, data: results[0], pooled: operands[0],
            threads: results[0])
    }
}

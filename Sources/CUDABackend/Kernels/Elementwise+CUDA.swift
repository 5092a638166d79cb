import CUDAKernels
import Graphs
import Tensors

extension Site {
    /// The format of kernels on the first result.
    var format: KernelFormat { KernelFormat(results[0].spec.scalarType) }

    private var count: Int { results[0].spec.shape.count }

    private func elementwise(
        _ name: String, _ format: KernelFormat, a: Bool = true, b: Bool = false, alpha: Double = 1,
        beta: Double = 1
    ) throws(CUDAFailure) -> Body {
        let arguments = gcb_elementwise(
            a: operand(0, if: a), b: operand(1, if: b), y: result(0), count: Int64(count),
            alpha: Float(alpha), beta: Float(beta))
        return try launch(name, format, .packs(count, width: format.width), arguments)
    }

    func relu() throws(CUDAFailure) -> Body { try elementwise("relu", format) }

    func reluGradient() throws(CUDAFailure) -> Body {
        try elementwise("relu_gradient", format, b: true)
    }

    func add() throws(CUDAFailure) -> Body { try elementwise("sum", format, b: true) }

    func exponentialAverage(_ rule: ExponentialAverage) throws(CUDAFailure) -> Body {
        try elementwise(
            "sum", format, b: true, alpha: 1 - rule.rate, beta: rule.rate * rule.factor)
    }

    func constant(_ rule: Constant) throws(CUDAFailure) -> Body {
        try elementwise("fill", format, a: false, alpha: rule.value)
    }

    // MARK: - Channels

    func addBias() throws(CUDAFailure) -> Body {
        try finish(
            operands[0], bias: operand(1), residual: 0, rectifies: false, to: results[0])
    }

    /// act(x [+ bias] [+ residual]), in place or not.
    func finish(
        _ x: Region, bias: gcb_address, residual: gcb_address, rectifies: Bool, to y: Region
    ) throws(CUDAFailure) -> Body {
        let (count, format) = (y.spec.shape.count, KernelFormat(y.spec.scalarType))
        let arguments = gcb_finish(
            x: address(x), bias: bias, residual: residual, y: address(y), count: Int64(count),
            channels: Int32(y.spec.shape[1]), rectifies: rectifies ? 1 : 0)
        let isRounded = x.spec.scalarType == y.spec.scalarType
        return try launch(
            isRounded ? "finish" : "finish_sums", format, .packs(count, width: format.width),
            arguments)
    }

    func biasGradient() throws(CUDAFailure) -> Body {
        let dy = operands[0]
        let tiling = CUDATarget.columnTiling(dy.spec)
        let channels = dy.spec.shape[1]
        var arguments = gcb_column_sums()
        (arguments.x, arguments.y) = (operand(0), workspace)
        (arguments.images, arguments.channels) = (1, Int32(channels))
        arguments.lanes = Int32(tiling.lanes)
        arguments.rows = Int64(dy.spec.shape.count / max(1, channels))
        arguments.factor = 1
        let sums = try launch(
            tiling.kernel("column_sums"), KernelFormat(dy.spec.scalarType), tiling.sums, arguments)
        (arguments.x, arguments.y) = (workspace, result(0))
        arguments.rows = Int64(tiling.splits)
        return sequence(
            sums, try launch("finish_columns", .none, .threads(channels), arguments))
    }

    // MARK: - Spatial means

    func globalAveragePool() throws(CUDAFailure) -> Body {
        let x = operands[0].spec
        let (images, channels) = (x.shape[0], x.shape[1])
        let rows = x.shape[2] * x.shape[3]
        let format = KernelFormat(x.scalarType)
        let tiling = RowTiling(
            images: images, rows: rows, channels: channels, width: format.width)
        let arguments = gcb_column_sums(
            x: operand(0), y: result(0), images: Int32(images), channels: Int32(channels),
            lanes: Int32(tiling.lanes), rows: Int64(rows), factor: 1 / Float(rows))
        return try launch(
            tiling.kernel("column_sums"), format, LaunchGrid(tiling.tiles, 1, images), arguments)
    }

    func globalAveragePoolGradient() throws(CUDAFailure) -> Body {
        let shape = results[0].spec.shape
        let rows = shape[2] * shape[3]
        let arguments = gcb_column_sums(
            x: operand(0), y: result(0), images: Int32(shape[0]), channels: Int32(shape[1]),
            lanes: 1, rows: Int64(rows), factor: 1 / Float(rows))
        return try launch("spread", format, .threads(shape.count), arguments)
    }
}

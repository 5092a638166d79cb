import CUDAKernels
import Graphs
import Tensors

extension Site {
    func dropout(_ rule: Dropout) throws(CUDAFailure) -> Body {
        var arguments = dropping(operand(0), key: operand(1), layer: rule.layer)
        (arguments.threshold, arguments.scale) = (rule.threshold, Float(rule.scale))
        return try launch("dropout", format, .threads(results[0].spec.shape.count), arguments)
    }

    /// x is the probability, a number on the device.
    func dropoutMask(_ rule: DropoutMask) throws(CUDAFailure) -> Body {
        try launch(
            "dropout_mask", .none, .threads(results[0].spec.shape.count),
            dropping(operand(0), key: operand(1), layer: rule.layer))
    }

    /// Result 0 is channels last, or row-major: a single channel of as many pixels.
    private func dropping(_ x: gcb_address, key: gcb_address, layer: UInt64) -> gcb_dropout {
        let shape = results[0].spec.shape
        var arguments = gcb_dropout()
        (arguments.x, arguments.key, arguments.y) = (x, key, result(0))
        (arguments.count, arguments.layer) = (Int64(shape.count), layer)
        let isImage = shape.rank == 4
        arguments.channels = isImage ? Int32(shape[1]) : 1
        arguments.pixels = isImage ? Int64(shape[2] * shape[3]) : Int64(shape.count)
        return arguments
    }
}

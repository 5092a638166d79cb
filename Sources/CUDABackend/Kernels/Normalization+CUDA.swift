import CUDAKernels
import Graphs
import Tensors

extension Site {
    /// The arguments that all kernels of a normalization share.
    private func arguments(
        _ shape: NormalizationShape, _ tiling: RowTiling, epsilon: Double, rectifies: Bool
    ) -> gcb_normalization {
        var arguments = gcb_normalization()
        (arguments.images, arguments.channels) = (Int32(shape.images), Int32(shape.channels))
        (arguments.groups, arguments.rows) = (Int32(shape.groups), Int64(shape.rows))
        (arguments.splits, arguments.lanes) = (Int32(tiling.splits), Int32(tiling.lanes))
        arguments.epsilon = Float(epsilon)
        arguments.rectifies = rectifies ? 1 : 0
        return arguments
    }

    func normalization(_ rule: NormalizationForward) throws(CUDAFailure) -> Body {
        let x = operands[0].spec
        let shape = NormalizationShape(rule.statistics, of: x.shape)
        let tiling = shape.tiling(x.scalarType)
        var arguments = arguments(
            shape, tiling, epsilon: rule.epsilon, rectifies: rule.epilogue.appliesRelu)
        (arguments.x, arguments.y) = (operand(0), result(0))
        (arguments.scale, arguments.shift) = (operand(1), operand(2))
        arguments.residual = operand(3, if: rule.epilogue.addsResidual)
        (arguments.mean, arguments.variance) = (result(1), result(2))
        arguments.partials = workspace
        let format = KernelFormat(x.scalarType)
        return sequence(
            try launch(tiling.kernel("partial_moments"), format, tiling.sums, arguments),
            try launch("finish_moments", .none, .threads(shape.images * shape.groups), arguments),
            try launch(tiling.kernel("normalize"), format, tiling.pass, arguments))
    }

    func normalizationGradient(_ rule: NormalizationGradient) throws(CUDAFailure) -> Body {
        let x = operands[1].spec
        let shape = NormalizationShape(rule.statistics, of: x.shape)
        let tiling = shape.tiling(x.scalarType)
        var arguments = arguments(
            shape, tiling, epsilon: rule.epsilon, rectifies: rule.epilogue.appliesRelu)
        (arguments.dy, arguments.x) = (operand(0), operand(1))
        (arguments.scale, arguments.shift) = (operand(2), operand(3))
        (arguments.mean, arguments.variance) = (operand(4), operand(5))
        arguments.y = operand(6, if: rule.epilogue.appliesRelu)
        (arguments.dx, arguments.dscale, arguments.dshift) = (result(0), result(1), result(2))
        arguments.dresidual = rule.epilogue.addsResidual ? result(3) : 0
        arguments.partials = workspace
        arguments.coefficients =
            workspace
            + gcb_address(CUDATarget.aligned(shape.partialByteCount(x.scalarType)))
        let format = KernelFormat(x.scalarType)
        let threads = max(shape.channels, shape.images * shape.groups)
        return sequence(
            try launch(tiling.kernel("gradient_sums"), format, tiling.sums, arguments),
            try launch("finish_gradient", .none, .threads(threads), arguments),
            try launch(tiling.kernel("apply_gradient"), format, tiling.pass, arguments))
    }

    func normalizationInference(_ rule: NormalizationInference) throws(CUDAFailure) -> Body {
        let x = operands[0].spec
        let shape = NormalizationShape(.batch, of: x.shape)
        let tiling = shape.tiling(x.scalarType)
        var arguments = arguments(
            shape, tiling, epsilon: rule.epsilon, rectifies: rule.epilogue.appliesRelu)
        (arguments.x, arguments.y) = (operand(0), result(0))
        (arguments.scale, arguments.shift) = (operand(1), operand(2))
        (arguments.mean, arguments.variance) = (operand(3), operand(4))
        arguments.residual = operand(5, if: rule.epilogue.addsResidual)
        return try launch(
            tiling.kernel("normalize"), KernelFormat(x.scalarType), tiling.pass, arguments)
    }

    func foldNormalization(_ rule: FoldNormalization) throws(CUDAFailure) -> Body {
        let weight = operands[0].spec.shape
        let arguments = gcb_folding(
            weight: operand(0), scale: operand(1), shift: operand(2), mean: operand(3),
            variance: operand(4), bias: operand(5, if: rule.hasBias), folded_weight: result(0),
            folded_bias: result(1), outputs: Int32(weight[0]),
            fan_in: Int64(weight.countPerSlice(along: 0)), epsilon: Float(rule.epsilon))
        return try launch("fold_normalization", format, .threads(weight.count), arguments)
    }
}

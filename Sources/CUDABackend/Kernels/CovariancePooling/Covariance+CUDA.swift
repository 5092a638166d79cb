import CUDAKernels
import Graphs
import Tensors

extension Site {
    /// Where a piece of the workspace lies.
    func scratch(_ offset: Int) -> gcb_address { workspace + gcb_address(offset) }

    /// Arguments for kernels on the planes of images of this shape.
    func planes(
        _ shape: Shape, x: gcb_address, other: gcb_address = 0, y: gcb_address, factor: Float = 1
    ) -> gcb_planes {
        gcb_planes(
            x: x, other: other, y: y, images: Int32(shape[0]), channels: Int32(shape[1]),
            pixels: Int64(shape[2] * shape[3]), factor: factor)
    }

    /// Σ = (1/M)·X̄ᵀ·X̄ of each image `[M, C]`.
    func covariance() throws(CUDAFailure) -> Body {
        let shape = operands[0].spec.shape
        let memory = CovarianceWorkspace(shape, isGradient: false)
        let (channels, pixels) = (shape[1], shape[2] * shape[3])
        let image = scratch(memory.centered)
        return sequence(
            try centering(operand(0), shape, means: memory.means, centered: memory.centered),
            try multiply(
                MatrixProducts(
                    count: shape[0], left: .init(image, pixels, channels, isTransposed: true),
                    right: .init(image, pixels, channels),
                    result: .init(result(0), channels, channels), alpha: 1 / Float(pixels)),
                scratch: memory.products
            ).body)
    }

    /// dX = (1/M)·X̄·(G + Gᵀ) of each image.
    func covarianceGradient() throws(CUDAFailure) -> Body {
        let shape = operands[1].spec.shape
        let memory = CovarianceWorkspace(shape, isGradient: true)
        let (channels, pixels) = (shape[1], shape[2] * shape[3])
        var matrices = matrices(operands[0].spec.shape)
        (matrices.x, matrices.y) = (operand(0), scratch(memory.symmetric))
        return sequence(
            try centering(operand(1), shape, means: memory.means, centered: memory.centered),
            try launch(
                "add_transposes", .none, .threads(operands[0].spec.shape.count), matrices),
            try multiply(
                MatrixProducts(
                    count: shape[0], left: .init(scratch(memory.centered), pixels, channels),
                    right: .init(scratch(memory.symmetric), channels, channels),
                    result: .init(result(0), pixels, channels), alpha: 1 / Float(pixels)),
                scratch: memory.products
            ).body)
    }

    /// p from the cosines of the attention and the row sums (1/M)·X̄ᵀ·(X̄·1) of the covariances.
    func dropProbability() throws(CUDAFailure) -> Body {
        let shape = operands[0].spec.shape
        let memory = DropWorkspace(shape)
        let (channels, pixels) = (shape[1], shape[2] * shape[3])
        let arguments = gcb_cosines(
            omega: operand(1), variation: scratch(memory.variation),
            cosines: scratch(memory.cosines), probability: result(0), images: Int32(shape[0]),
            channels: Int32(channels), factor: Float(DropProbability.slope(channels: channels)))
        return sequence(
            try centering(operand(0), shape, means: memory.means, centered: memory.centered),
            try launch(
                "pixel_sums", .none, LaunchGrid(shape[0] * pixels),
                planes(shape, x: scratch(memory.centered), y: scratch(memory.pixelSums))),
            try multiply(
                MatrixProducts(
                    count: shape[0],
                    left: .init(scratch(memory.centered), pixels, channels, isTransposed: true),
                    right: .init(scratch(memory.pixelSums), pixels, 1),
                    result: .init(scratch(memory.variation), channels, 1),
                    alpha: 1 / Float(pixels)), scratch: memory.products
            ).body,
            try launch("attention_cosines", .none, LaunchGrid(shape[0]), arguments),
            try launch("drop_probability", .none, LaunchGrid(1), arguments))
    }

    /// The images less the mean of each channel: two passes, so that a large mean costs no digits.
    private func centering(_ x: gcb_address, _ shape: Shape, means: Int, centered: Int)
        throws(CUDAFailure) -> Body
    {
        let count = shape[2] * shape[3]
        return sequence(
            try launch(
                "plane_sums", .none, .threads(shape[0] * shape[1]),
                planes(shape, x: x, y: scratch(means), factor: 1 / Float(count))),
            try launch(
                "center_planes", .none, .threads(shape.count),
                planes(shape, x: x, other: scratch(means), y: scratch(centered))))
    }

    // MARK: - Planes

    func scalePlanes(_ rule: ScalePlanes) throws(CUDAFailure) -> Body {
        let shape = operands[0].spec.shape
        return try launch(
            "scale_planes", .none, .threads(shape.count),
            planes(
                shape, x: operand(0), other: operand(1), y: result(0), factor: Float(rule.offset)))
    }

    func planeProducts() throws(CUDAFailure) -> Body {
        let shape = operands[0].spec.shape
        return try launch(
            "plane_sums", .none, .threads(shape[0] * shape[1]),
            planes(shape, x: operand(0), other: operand(1), y: result(0)))
    }
}
